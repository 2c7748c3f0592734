import type { Progress } from '../../../src/protocol/events.ts';

/** Lines, and what they tell. Real ones where a program is named. */
export const LINES: readonly (readonly [line: string, progress: Progress])[] = [
  // tqdm
  [
    '45%|####5     | 45/100 [00:12<00:15,  3.60it/s, loss=0.5]',
    { fraction: 0.45, done: 45, total: 100, unit: 'it', rate: 3.6, eta: 15 },
  ],
  [
    'Séparation:  50%|█████     | 1/2 [01:02:03<1:02:03, 2.50s/it]',
    { fraction: 0.5, done: 1, total: 2, unit: 'it', rate: 0.4, eta: 3723, phase: 'Séparation' },
  ],
  ['  0%|          | 0/40 [00:00<?, ?it/s]', { fraction: 0, done: 0, total: 40, unit: 'it' }],
  ['45it [00:12,  3.60it/s]', { done: 45, rate: 3.6, unit: 'it' }],
  [
    'words: 45tokens [00:12, 3.60tokens/s]',
    { done: 45, rate: 3.6, unit: 'tokens', phase: 'words' },
  ],
  [
    'model.bin:  50%|█████     | 1.50M/3.00M [00:01<00:01, 1.50MB/s]',
    { fraction: 0.5, done: 1.5e6, total: 3e6, unit: 'B', rate: 1.5e6, eta: 1, phase: 'model.bin' },
  ],
  [
    // demucs: the unit is `seconds`, the amounts have fractions.
    ' 25%|██▌       | 5.85/23.4 [00:03<00:09,  1.95seconds/s]',
    { fraction: 0.25, done: 5.85, total: 23.4, unit: 'seconds', rate: 1.95, eta: 9 },
  ],
  [
    '100%|#| 1.00k/1.00k [00:00<00:00, 9.99kit/s]',
    { fraction: 1, done: 1000, total: 1000, unit: 'it', rate: 9990, eta: 0 },
  ],
  ['Map:  45%|####', { fraction: 0.45, phase: 'Map' }],
  // percent
  ['45%', { fraction: 0.45 }],
  ['Progress: 45.5 %', { fraction: 0.455 }],
  ['[ 45%] Building CXX object src/CMakeFiles/a.dir/b.cpp.o', { fraction: 0.45 }],
  ['[download]  45.3% of 10.00MiB at 1.00MiB/s ETA 00:05', { fraction: 0.453, eta: 5 }],
  [
    '######################################################################## 100.0%',
    { fraction: 1 },
  ],
  [
    'remote: Counting objects:  45% (450/1000)        ',
    { fraction: 0.45, done: 450, total: 1000, phase: 'Counting objects' },
  ],
  [
    'Encoding: task 1 of 1, 45.12 % (45.12 fps, avg 44.00 fps, ETA 00h01m02s)',
    { fraction: 0.4512, phase: '1/1' },
  ],
  ['whisper_print_progress_callback: progress =  45%', { fraction: 0.45 }],
  [
    '      1,234,567  45%    1.20MB/s    0:00:05',
    { fraction: 0.45, done: 1_234_567, unit: 'B', rate: 1.2 * 1024 ** 2, eta: 5 },
  ],
  ['[2/5] Downloading model 45%', { fraction: 0.45, phase: '2/5' }],
  ['Epoch 3: 45%', { fraction: 0.45, phase: 'Epoch 3' }],
  ['2024-04-03 12:00:00 INFO 45% done', { fraction: 0.45 }],
  // npm 8: themes.js and progress-bar.js of gauge 4
  ['[#########.........] \\ reify:lit: http fetch GET 200', { fraction: 0.5, phase: 'reify' }],
  [
    '(######⠂⠂⠂⠂⠂⠂) ⠋ idealTree:main: sill idealTree buildDeps',
    { fraction: 0.5, phase: 'idealTree' },
  ],
  // whisper.cpp: examples/cli/cli.cpp of 1.9.3
  [
    '[00:00:00.000 --> 00:00:11.000]   And so my fellow Americans, 3 of 10',
    { done: 11, unit: 's' },
  ],
  // Services that build: TeamCity's service messages, Azure Pipelines' logging commands, GitHub's workflow commands
  [
    "##teamcity[progressMessage 'Compiling 3/10 files']",
    { fraction: 0.3, done: 3, total: 10, unit: 'files' },
  ],
  ["##teamcity[progressStart 'Cr|0x00e9ation d|'une image']", { phase: "Création d'une image" }],
  ['##vso[task.setprogress value=75;]Upload', { fraction: 0.75, phase: 'Upload' }],
  ['::group::Install', { phase: 'Install' }],
  ['::notice::3/10 done', { fraction: 0.3, done: 3, total: 10 }],
  // wget, curl, aria2, where a recording lacks it
  [
    '[DL:2.0MiB][#8ee152 1.0MiB/2.0MiB(50%)][#6c4bf4 0B/2.0MiB(0%)]',
    { fraction: 0.25, done: 1024 ** 2, total: 4 * 1024 ** 2, unit: 'B', rate: 2 * 1024 ** 2 },
  ],
  [
    '  100K .......... .......... .......... .......... ..........  1.23M',
    { done: 153_600, unit: 'B', rate: 1_289_748 },
  ],
  // rsync that still looks for files
  [
    '    400,000  25%  605.79kB/s    0:00:00 (xfr#1, ir-chk=1003/1005)',
    { done: 400_000, unit: 'B', rate: 620_329 },
  ],
  // dd of macOS
  [
    '4259840 bytes (4260 kB, 4160 KiB) transferred 1.001s, 4255 kB/s',
    { done: 4_259_840, unit: 'B', rate: 4_255_000 },
  ],
  // counts
  ['3/10', { fraction: 0.3, done: 3, total: 10 }],
  ['[3/10] Compiling sluice', { fraction: 0.3, done: 3, total: 10 }],
  ['(3/10) installing', { fraction: 0.3, done: 3, total: 10 }],
  ['Epoch 3/10', { fraction: 0.3, done: 3, total: 10 }],
  ['Step 3/10 : RUN make', { fraction: 0.3, done: 3, total: 10 }],
  ['3 of 10 files', { fraction: 0.3, done: 3, total: 10, unit: 'files' }],
  ['Processed 1,500 of 3,000 rows.', { fraction: 0.5, done: 1500, total: 3000, unit: 'rows' }],
  [
    '   ━━━━━━━━━━ 1.5/3.0 MB 2.3 MB/s eta 0:00:01',
    { fraction: 0.5, done: 1.5e6, total: 3e6, unit: 'B', rate: 2.3e6, eta: 1 },
  ],
  ['frame 12 / 48', { fraction: 0.25, done: 12, total: 48 }],
  ['\x1b[32m3/10\x1b[0m done', { fraction: 0.3, done: 3, total: 10 }],
  // JSON lines
  ['{"progress": 0.5}', { fraction: 0.5 }],
  ['{"progress": 50}', { fraction: 0.5 }],
  ['{"percent": 50, "eta": 12}', { fraction: 0.5, eta: 12 }],
  [
    '{"type":"progress","done":3,"total":12,"unit":"rows","phase":"load"}',
    { fraction: 0.25, done: 3, total: 12, unit: 'rows', phase: 'load' },
  ],
  ['data: {"progress": 0.25}', { fraction: 0.25 }],
  ['data: 45%', { fraction: 0.45 }],
  ['{"progress": {"current": 1, "total": 4}}', { fraction: 0.25, done: 1, total: 4 }],
  [
    '{"status":"pulling 8934d96d3f08","total":200,"completed":50}',
    { fraction: 0.25, done: 50, total: 200, phase: 'pulling 8934d96d3f08' },
  ],
];

/** What looks like progress and is none. */
export const OTHERS: readonly string[] = [
  'on 3/4/2024 at noon',
  '03/04 12:30:00 server started',
  '2024/03/04 12:00:00 GET',
  'version 1/2.3',
  'Python 3.11/3.12',
  '5/5 tests passed',
  'Tests: 3/10 passed',
  '0/3 nodes are available',
  'score: 7/10',
  'reading /data/3/10/x.wav',
  'https://example.org/3/10',
  'http://127.0.0.1:8080/1/2',
  '10.0.0.0/24 via 10.0.0.1',
  'open 24/7',
  '12/10',
  '3/0',
  'aspect 16/9',
  'HTTP/1.1 200',
  'accuracy: 93.5%',
  'Accuracy of 93%',
  'cpu=12% mem=40%',
  'CPU 45%',
  '45% faster than before',
  '93% coverage',
  '2 packets transmitted, 0% packet loss',
  'src/a.py      10      1    90%',
  '/dev/sda1  98G  45G  53G  45% /',
  'GPU usage 120%',
  'url%20with%20spaces 45%20',
  'printf("%d%%")',
  'size 150%',
  'data: [DONE]',
  'data: {"id": "3/10", "choices": []}',
  "##teamcity[testStarted name='3/10']",
  '::error file=a.c,line=3::no such thing',
  'video:0kB audio:236kB subtitle:0kB other streams:0kB global headers:0kB muxing overhead: 3.435654%',
  '2026-11-20 10:04:08 (1.42 MB/s) - ‘file.bin’ saved [3000000/3000000]',
  '  Duration: 00:00:04.00, bitrate: 2822 kb/s',
  'progress=continue',
  '{"accuracy": 0.5}',
  '{"progress": "half"}',
  '{"total": 3}',
  '{"progress": 0.5',
  '{"message": "3/10", "percentile": 50}',
  'two of 3',
  'one of 10',
  '',
];
