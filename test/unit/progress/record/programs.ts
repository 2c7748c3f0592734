/** What is recorded: see `record.ts`. */
export interface Recording {
  /** Of the file in `recorded/`. */
  readonly name: string;
  /** Prints the program's name and version in its first line. */
  readonly version: string;
  /** A command of the shell, run in a new folder with the variables that `record.ts` sets. */
  readonly run: string;
  /** On a pseudo-terminal, as for a person; otherwise on pipes. */
  readonly terminal?: boolean;
}

/** Debian's Python has the packages; another one may be first in PATH. */
const PYTHON = '/usr/bin/python3';

const python = (code: string): string => `${PYTHON} -c '\nimport sys, time\n${code}'`;

const versionOf = (module: string): string =>
  `${PYTHON} -c 'import importlib.metadata as m; print("${module}", m.version("${module}"))'`;

const TQDM = versionOf('tqdm');
const RICH = versionOf('rich');
const CLICK = versionOf('click');
const ALIVE = `${PYTHON} -c 'import alive_progress as a; print("alive-progress", a.__version__)'`;
const PIP = `${PYTHON} -m pip --version`;
const CURL = 'curl --version';
const WGET = 'wget --version | sed s/GNU.//';
const FFMPEG = 'ffmpeg -version';
const NINJA = 'echo ninja $(ninja --version)';

const RICH_TASKS = `
from rich.progress import Progress
with Progress(refresh_per_second=5) as progress:
    tasks = [progress.add_task(name, total=total) for name, total in (("vocals", 20), ("drums and bass", 40))]
    for step in range(40):
        time.sleep(0.05)
        for task in tasks: progress.advance(task)
`;

const ALIVE_BAR = `
from alive_progress import alive_bar
with alive_bar(60, title="Render") as bar:
    for step in range(60):
        time.sleep(0.03)
        bar()
`;

const CLICK_BAR = `
import click
with click.progressbar(range(20), label="Resizing", show_pos=True) as items:
    for item in items: time.sleep(0.15)
`;

export const RECORDINGS: readonly Recording[] = [
  {
    name: 'tqdm-plain',
    version: TQDM,
    run: python(`
from tqdm import tqdm, trange
for step in tqdm(range(40), desc="Séparation"): time.sleep(0.02)
`),
  },
  {
    name: 'tqdm-ascii',
    version: TQDM,
    run: python(`
from tqdm import tqdm, trange
bar = tqdm(range(40), ascii=True, ncols=80)
for step in bar:
    bar.set_postfix(loss=f"{1 / (step + 1):.3f}")
    time.sleep(0.02)
`),
  },
  {
    name: 'tqdm-nested',
    version: TQDM,
    run: python(`
from tqdm import tqdm, trange
for epoch in trange(3, desc="epochs"):
    for step in trange(10, desc="steps", leave=False): time.sleep(0.02)
`),
  },
  {
    name: 'tqdm-endless',
    version: TQDM,
    run: python(`
from tqdm import tqdm, trange
for step in tqdm((step for step in range(45)), unit="tokens"): time.sleep(0.02)
`),
  },
  {
    name: 'tqdm-scaled',
    version: TQDM,
    run: python(`
from tqdm import tqdm, trange
with tqdm(total=3000000, desc="model.bin", unit="B", unit_scale=True) as bar:
    for step in range(30):
        time.sleep(0.02)
        bar.update(100000)
`),
  },
  {
    name: 'tqdm-slow',
    version: TQDM,
    run: python(`
from tqdm import tqdm, trange
for song in tqdm(range(3), unit="song"): time.sleep(1.2)
`),
  },
  {
    name: 'tqdm-wiped',
    version: TQDM,
    run: python(`
from tqdm import tqdm, trange
for step in tqdm(range(20), leave=False): time.sleep(0.02)
print("done")
`),
  },
  {
    name: 'tqdm-rows',
    version: TQDM,
    run: python(`
from tqdm import tqdm
bars = [tqdm(total=20, desc=name, position=row, mininterval=0.2) for row, name in enumerate(("one", "two", "three"))]
for step in range(20):
    time.sleep(0.04)
    for row, bar in enumerate(bars): bar.update(1 if row < 2 else 0.5)
for bar in bars: bar.close()
`),
  },
  {
    name: 'tqdm-terminal',
    version: TQDM,
    terminal: true,
    run: python(`
from tqdm import tqdm
with tqdm(total=50, desc="Train", dynamic_ncols=True, mininterval=0.2) as bar:
    for step in range(50):
        time.sleep(0.03)
        bar.set_postfix(loss=1 / (step + 1), acc="%d%%" % (step * 2), refresh=False)
        bar.update()
`),
  },
  { name: 'rich-tasks', version: RICH, terminal: true, run: python(RICH_TASKS) },
  {
    name: 'rich-track',
    version: RICH,
    terminal: true,
    run: python(`
from rich.progress import track
for step in track(range(40), description="Mixing", update_period=0.2): time.sleep(0.05)
`),
  },
  {
    name: 'rich-download',
    version: RICH,
    terminal: true,
    run: python(`
from rich.progress import Progress, BarColumn, DownloadColumn, TransferSpeedColumn, TimeRemainingColumn, TextColumn
columns = (TextColumn("{task.description}"), BarColumn(), "[progress.percentage]{task.percentage:>3.1f}%", "•", DownloadColumn(), "•", TransferSpeedColumn(), "•", TimeRemainingColumn())
with Progress(*columns, refresh_per_second=5) as progress:
    task = progress.add_task("model.bin", total=3000000)
    for step in range(30):
        time.sleep(0.06)
        progress.advance(task, 100000)
`),
  },
  { name: 'click-terminal', version: CLICK, terminal: true, run: python(CLICK_BAR) },
  { name: 'click-pipe', version: CLICK, run: python(CLICK_BAR) },
  { name: 'alive-terminal', version: ALIVE, terminal: true, run: python(ALIVE_BAR) },
  { name: 'alive-pipe', version: ALIVE, run: python(ALIVE_BAR) },
  {
    name: 'pip-terminal',
    version: PIP,
    terminal: true,
    run: `${PYTHON} -m pip download --no-index --no-cache-dir --disable-pip-version-check --no-deps "$URL/sluice_sample-1.0-py3-none-any.whl"`,
  },
  {
    name: 'pip-pipe',
    version: PIP,
    run: `${PYTHON} -m pip download --no-index --no-cache-dir --disable-pip-version-check --no-deps "$URL/sluice_sample-1.0-py3-none-any.whl"`,
  },
  {
    name: 'cargo-pipe',
    version: 'cargo --version',
    run: 'sh "$HERE/cargo.sh" && CARGO_TERM_PROGRESS_WHEN=always CARGO_TERM_PROGRESS_WIDTH=100 cargo build --offline',
  },
  {
    name: 'cargo-terminal',
    version: 'cargo --version',
    terminal: true,
    run: 'sh "$HERE/cargo.sh" && CARGO_TERM_PROGRESS_TERM_INTEGRATION=true cargo build --offline',
  },
  {
    name: 'npm-terminal',
    version: 'echo npm $(npm --version)',
    terminal: true,
    run: 'npm install --no-audit --no-fund --cache ./cache "$URL/sample-1.0.0.tgz"',
  },
  {
    name: 'git-terminal',
    version: 'git --version',
    terminal: true,
    run: 'sh "$HERE/repository.sh" && git clone "file://$PWD/source" copy',
  },
  {
    name: 'git-pipe',
    version: 'git --version',
    run: 'sh "$HERE/repository.sh" && git clone --progress "file://$PWD/source" copy',
  },
  { name: 'wget-pipe', version: WGET, run: 'wget --no-proxy "$URL/file.bin"' },
  { name: 'wget-terminal', version: WGET, terminal: true, run: 'wget --no-proxy "$URL/file.bin"' },
  {
    name: 'wget-endless',
    version: WGET,
    terminal: true,
    run: 'wget --no-proxy "$URL/endless/file.bin"',
  },
  { name: 'curl-meter', version: CURL, run: 'curl --noproxy "*" -o file.bin "$URL/file.bin"' },
  {
    name: 'curl-hashes',
    version: CURL,
    run: 'COLUMNS=60 curl --noproxy "*" -# -o file.bin "$URL/file.bin"',
  },
  {
    name: 'curl-endless',
    version: CURL,
    run: 'curl --noproxy "*" -o file.bin "$URL/endless/file.bin"',
  },
  {
    name: 'rsync-all',
    version: 'rsync --version',
    run: 'mkdir source && for n in 1 2 3 4; do head -c 400000 /dev/urandom > source/$n.bin; done; rsync -a --no-inc-recursive --info=progress2 --bwlimit=600 source/ copy',
  },
  {
    name: 'rsync-files',
    version: 'rsync --version',
    run: 'mkdir source && for n in 1 2 3; do head -c 700000 /dev/urandom > source/$n.bin; done; rsync -a --progress --bwlimit=600 source/ copy',
  },
  {
    name: 'ffmpeg-stats',
    version: FFMPEG,
    run: 'ffmpeg -hide_banner -re -stats_period 0.2 -i "$FILES/tone.wav" -y tone.flac',
  },
  {
    name: 'ffmpeg-progress',
    version: FFMPEG,
    run: 'ffmpeg -hide_banner -re -nostats -stats_period 0.2 -progress pipe:1 -i "$FILES/tone.wav" -y tone.flac',
  },
  {
    name: 'sox-pipe',
    version: 'sox --version',
    run: 'sox -S "$FILES/long.wav" out.wav rate -v 96k reverb',
  },
  {
    name: 'aria2-pipe',
    version: 'aria2c --version',
    run: 'aria2c --no-conf --enable-dht=false -x1 --summary-interval=1 "$URL/file.bin"',
  },
  {
    name: 'aria2-terminal',
    version: 'aria2c --version',
    terminal: true,
    run: 'aria2c --no-conf --enable-dht=false -x1 "$URL/file.bin"',
  },
  {
    name: 'dd-pipe',
    version: 'dd --version',
    run: 'pv -qL 4m /dev/zero | dd of=/dev/null bs=64k count=200 iflag=fullblock status=progress',
  },
  {
    name: 'pv-pipe',
    version: 'pv --version',
    run: 'pv -f -i 0.2 -L 1m -s 2m "$FILES/two.bin" > /dev/null',
  },
  {
    name: 'pv-endless',
    version: 'pv --version',
    run: 'pv -f -i 0.2 -L 1m < /dev/zero | head -c 2m > /dev/null',
  },
  {
    name: 'pv-terminal',
    version: 'pv --version',
    terminal: true,
    run: 'pv -i 0.2 -L 1m "$FILES/two.bin" > /dev/null',
  },
  {
    name: 'cmake-make',
    version: 'cmake --version',
    run: 'sh "$HERE/cmake.sh" && cmake . > /dev/null && make',
  },
  { name: 'ninja-pipe', version: NINJA, run: 'sh "$HERE/ninja.sh" && ninja -j1' },
  {
    name: 'ninja-terminal',
    version: NINJA,
    terminal: true,
    run: 'sh "$HERE/ninja.sh" && ninja -j1',
  },
];
