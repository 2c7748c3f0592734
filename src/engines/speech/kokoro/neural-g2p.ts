import { z } from 'zod';

const tensor = z.object({ shape: z.array(z.int()), data: z.string() });

const weights = z.object({
  enc_emb: tensor,
  enc_w_ih: tensor,
  enc_w_hh: tensor,
  enc_b_ih: tensor,
  enc_b_hh: tensor,
  dec_emb: tensor,
  dec_w_ih: tensor,
  dec_w_hh: tensor,
  dec_b_ih: tensor,
  dec_b_hh: tensor,
  fc_w: tensor,
  fc_b: tensor,
  graphemes: z.array(z.string()),
  phonemes: z.array(z.string()),
});

const LONGEST = 20;

interface Gru {
  readonly inputWeights: Float32Array;
  readonly stateWeights: Float32Array;
  readonly inputBias: Float32Array;
  readonly stateBias: Float32Array;
}

/** Guesses how a word is said that the dictionary lacks. */
export interface NeuralG2p {
  /** ARPAbet of a word in lower-case letters a to z. */
  predict(word: string): string[];
}

/**
 * The network of g2p_en (Kyubyong Park, https://github.com/Kyubyong/g2p): a GRU that reads letters
 * and one that writes phonemes, 256 wide.
 *
 * @param json the text of g2p_model.json: tensors as little-endian floats in base64
 */
export function createNeuralG2p(json: string): NeuralG2p {
  const model = weights.parse(JSON.parse(json));
  const read = ({ data }: z.infer<typeof tensor>) => floats(data);
  const width = model.enc_emb.shape[1] ?? 256;
  const letters = read(model.enc_emb);
  const phones = read(model.dec_emb);
  const encoder: Gru = {
    inputWeights: read(model.enc_w_ih),
    stateWeights: read(model.enc_w_hh),
    inputBias: read(model.enc_b_ih),
    stateBias: read(model.enc_b_hh),
  };
  const decoder: Gru = {
    inputWeights: read(model.dec_w_ih),
    stateWeights: read(model.dec_w_hh),
    inputBias: read(model.dec_b_ih),
    stateBias: read(model.dec_b_hh),
  };
  const outWeights = read(model.fc_w);
  const outBias = read(model.fc_b);
  const unknown = model.graphemes.indexOf('<unk>');
  const startOf = model.phonemes.indexOf('<s>');
  const endOf = model.phonemes.indexOf('</s>');
  const row = (table: Float32Array, index: number) =>
    table.subarray(index * width, (index + 1) * width);

  return {
    predict(word) {
      let state: Float32Array = new Float32Array(width);
      for (const letter of [...word, '</s>']) {
        const index = model.graphemes.indexOf(letter);
        state = gruStep(encoder, row(letters, index < 0 ? unknown : index), state);
      }
      const found: string[] = [];
      let last = startOf;
      while (found.length < LONGEST) {
        state = gruStep(decoder, row(phones, last), state);
        last = likeliest(multiply(outWeights, state, outBias));
        if (last === endOf) break;
        const phone = model.phonemes[last];
        if (phone !== undefined && !phone.startsWith('<')) found.push(phone);
      }
      return found;
    },
  };
}

/** One step of a gated recurrent unit, its weights in the order reset, update, new. */
function gruStep(gru: Gru, input: Float32Array, state: Float32Array): Float32Array {
  const width = state.length;
  const fromInput = multiply(gru.inputWeights, input, gru.inputBias);
  const fromState = multiply(gru.stateWeights, state, gru.stateBias);
  const at = (values: Float32Array, index: number) => values[index] ?? 0;
  return state.map((old, index) => {
    const reset = sigmoid(at(fromInput, index) + at(fromState, index));
    const update = sigmoid(at(fromInput, width + index) + at(fromState, width + index));
    const both = 2 * width + index;
    const fresh = Math.tanh(at(fromInput, both) + reset * at(fromState, both));
    return (1 - update) * fresh + update * old;
  });
}

/** `matrix · vector + bias`, the matrix row by row. */
function multiply(matrix: Float32Array, vector: Float32Array, bias: Float32Array): Float32Array {
  return bias.map((start, row) => {
    let sum = start;
    const offset = row * vector.length;
    for (let index = 0; index < vector.length; index++) {
      sum += (matrix[offset + index] ?? 0) * (vector[index] ?? 0);
    }
    return sum;
  });
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function likeliest(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? 0) ? index : best), 0);
}

function floats(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer);
}
