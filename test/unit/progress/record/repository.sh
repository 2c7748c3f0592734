# A repository of many small files.
git init -q source
for n in $(seq 150); do echo "$n" > "source/$n.txt"; done
git -C source add .
git -C source -c user.name=me -c user.email=me@localhost commit -qm first
