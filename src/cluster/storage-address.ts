import { QueueError } from './error.ts';

/** Where results are left: a place in storage that speaks S3, and what opens it. */
export interface StorageAddress {
  readonly bucket: string;
  /** What all keys begin with, with a slash at its end; may be empty. */
  readonly prefix: string;
  /** `https://HOST[:PORT][/PATH]`, without a slash at its end. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

const SECRETS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

/**
 * Reads where results are left: `s3://BUCKET[/PREFIX]`, and the standard variables of AWS beside it. Those that hold
 * secrets are taken out of the environment: no step is to see them. Throws QueueError.
 */
export function takeStorage(text: string, env: NodeJS.ProcessEnv): StorageAddress {
  const [accessKeyId, secretAccessKey, sessionToken] = SECRETS.map((name) => {
    const value = env[name];
    delete env[name];
    return value === '' ? undefined : value;
  });
  // The names of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  const [, bucket, path = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/.*)?$/.exec(text) ?? [];
  const names = path.split('/').filter((name) => name !== '');
  if (bucket === undefined || names.some((name) => !isName(name))) {
    throw new QueueError('The address for results is none of S3.', 'It is s3://BUCKET[/PREFIX].');
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new QueueError(
      `There is no key to the storage of s3://${bucket}.`,
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    );
  }
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1';
  return {
    bucket,
    prefix: names.map((name) => `${name}/`).join(''),
    endpoint: endpointOf(env, region),
    region,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
  };
}

/** Whether it can be a part of a key: `.` and `..` lead elsewhere in an address. */
export function isName(text: string): boolean {
  return text !== '.' && text !== '..' && /^[^/\x00-\x1f\x7f]+$/.test(text);
}

function endpointOf(env: NodeJS.ProcessEnv, region: string): string {
  const set = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'];
  if (!set) return `https://s3.${region}.amazonaws.com`;
  const url = URL.canParse(set) ? new URL(set) : undefined;
  const { protocol, username, password, search, hash } = url ?? {};
  if ((protocol !== 'https:' && protocol !== 'http:') || username || password || search || hash) {
    throw new QueueError(
      'The endpoint of the storage is no address.',
      'AWS_ENDPOINT_URL_S3 is https://HOST[:PORT], without a user or password.',
    );
  }
  return set.replace(/\/+$/, '');
}
