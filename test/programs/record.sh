#!/bin/sh
# Records the bytes that real programs print, for the tests of the detectors. Needs python3-tqdm,
# git and curl. Run it again when one of them changes its output, and look at the difference.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
to=$here/../unit/progress/recorded
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$to"
python=${PYTHON:-/usr/bin/python3}

for kind in plain ascii endless scaled slow nested wiped; do
  PYTHONIOENCODING=utf-8 "$python" "$here/bars.py" "$kind" 2>"$to/tqdm-$kind.txt"
done

git init -q "$work/from"
i=0
while [ $i -lt 300 ]; do
  echo "$i" >"$work/from/$i.txt"
  i=$((i + 1))
done
git -C "$work/from" add .
git -C "$work/from" -c user.name=a -c user.email=a@localhost commit -qm all
git clone -q --progress "file://$work/from" "$work/to" 2>"$to/git-clone.txt"

head -c 3000000 /dev/zero >"$work/big"
curl --limit-rate 3M -# -o /dev/null "file://$work/big" 2>"$to/curl-bar.txt"
