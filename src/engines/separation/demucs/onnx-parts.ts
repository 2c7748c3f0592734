import Pbf from 'pbf';

/**
 * Cuts an ONNX model (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) into models that are run one after
 * another. ONNX Runtime holds its thread until a model is through, and tells nothing meanwhile: between parts
 * there is room to say how far it is, to stop, and to let go of memory.
 */

/** What a value is: a tensor of ONNX Runtime has both. */
interface ValueType {
  readonly type: string;
  readonly dims: readonly number[];
}

/** A stretch of a model's nodes. */
export interface ModelPart {
  /** Names of the values that it takes, from the model's inputs and from earlier parts, and of those that it gives. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The part as a model of its own, told what its inputs are. */
  build(typeOf: (input: string) => ValueType): Uint8Array;
}

export interface CutModel {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly parts: readonly ModelPart[];
}

interface Node {
  readonly bytes: Uint8Array;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly operator: string;
}

interface Graph {
  readonly nodes: readonly Node[];
  /** Weights and other constants, by name. */
  readonly initializers: ReadonlyMap<string, Uint8Array>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The fields of the model but its graph, each whole. */
  readonly header: Uint8Array;
}

/** Numbers of fields, as onnx.proto has them. */
const MODEL = { irVersion: 1, graph: 7, opsetImport: 8 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, operator: 4 } as const;
const TENSOR = { name: 8 } as const;
const ELEMENT_TYPES: Readonly<Record<string, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** Nodes that take nearly all of the time. */
const HEAVY: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/** @param heavy how many of the nodes that take time go into a part */
export function cutModel(bytes: Uint8Array, heavy: number): CutModel {
  const graph = readGraph(bytes);
  const constants = new Constants(graph);
  const stretches: Node[][] = [[]];
  let count = 0;
  for (const node of graph.nodes) {
    if (constants.takeIn(node)) continue;
    if (HEAVY.has(node.operator)) {
      count += 1;
      if (count % heavy === 0) stretches.push([]);
    }
    stretches.at(-1)?.push(node);
  }
  const parts: ModelPart[] = [];
  const later = new Set(graph.outputs);
  for (const nodes of stretches.toReversed()) {
    const made = new Set(nodes.flatMap(({ outputs }) => outputs));
    const taken = nodes.flatMap(({ inputs }) => inputs).filter((name) => name !== '');
    const inputs = [...new Set(taken)].filter((name) => !made.has(name) && !constants.has(name));
    const outputs = [...made].filter((name) => later.has(name));
    for (const name of inputs) later.add(name);
    parts.unshift({
      inputs,
      outputs,
      build: (typeOf) =>
        writeModel(graph.header, nodes, constants.for(taken), { inputs, outputs, typeOf }),
    });
  }
  return { inputs: graph.inputs, outputs: graph.outputs, parts };
}

/** What of a graph does not depend on its inputs: its weights, and nodes that work on nothing else. */
class Constants {
  readonly #initializers: ReadonlyMap<string, Uint8Array>;
  readonly #makers = new Map<string, Node>();

  constructor(graph: Graph) {
    this.#initializers = graph.initializers;
  }

  has(name: string): boolean {
    return name === '' || this.#initializers.has(name) || this.#makers.has(name);
  }

  /** Keeps a node that is constant itself; the nodes before it have been shown already. */
  takeIn(node: Node): boolean {
    if (!node.inputs.every((name) => this.has(name))) return false;
    for (const name of node.outputs) this.#makers.set(name, node);
    return true;
  }

  /** The weights, and the nodes in their order, that these values need. */
  for(names: readonly string[]): { initializers: Uint8Array[]; nodes: Node[] } {
    const initializers = new Map<string, Uint8Array>();
    const nodes = new Set<Node>();
    const add = (name: string): void => {
      const weights = this.#initializers.get(name);
      if (weights !== undefined) initializers.set(name, weights);
      const maker = this.#makers.get(name);
      if (maker === undefined || nodes.has(maker)) return;
      for (const input of maker.inputs) add(input);
      nodes.add(maker);
    };
    for (const name of names) add(name);
    return { initializers: [...initializers.values()], nodes: [...nodes] };
  }
}

function readGraph(bytes: Uint8Array): Graph {
  const header = new Pbf();
  let graph: Uint8Array | undefined;
  new Pbf(bytes).readFields((field, _, pbf) => {
    if (field === MODEL.graph) graph = pbf.readBytes();
    else if (field === MODEL.irVersion) header.writeVarintField(field, pbf.readVarint());
    else if (field === MODEL.opsetImport) header.writeBytesField(field, pbf.readBytes());
  }, undefined);
  const nodes: Node[] = [];
  const initializers = new Map<string, Uint8Array>();
  const inputs: string[] = [];
  const outputs: string[] = [];
  new Pbf(graph).readFields((field, _, pbf) => {
    if (field === GRAPH.node) nodes.push(readNode(pbf.readBytes()));
    else if (field === GRAPH.input) inputs.push(...textsOf(pbf.readBytes(), 1));
    else if (field === GRAPH.output) outputs.push(...textsOf(pbf.readBytes(), 1));
    else if (field === GRAPH.initializer) {
      const weights = pbf.readBytes();
      for (const name of textsOf(weights, TENSOR.name)) initializers.set(name, weights);
    }
  }, undefined);
  return { nodes, initializers, inputs, outputs, header: header.finish() };
}

function readNode(bytes: Uint8Array): Node {
  return {
    bytes,
    inputs: textsOf(bytes, NODE.input),
    outputs: textsOf(bytes, NODE.output),
    operator: textsOf(bytes, NODE.operator)[0] ?? '',
  };
}

/** The texts that a message has in a field. */
function textsOf(bytes: Uint8Array, wanted: number): string[] {
  const texts: string[] = [];
  new Pbf(bytes).readFields((field, _, pbf) => {
    if (field === wanted) texts.push(pbf.readString());
  }, undefined);
  return texts;
}

function writeModel(
  header: Uint8Array,
  nodes: readonly Node[],
  constants: { initializers: readonly Uint8Array[]; nodes: readonly Node[] },
  values: Pick<ModelPart, 'inputs' | 'outputs'> & { typeOf(input: string): ValueType },
): Uint8Array {
  const model = new Pbf();
  model.writeMessage(
    MODEL.graph,
    (_, pbf) => {
      for (const node of [...constants.nodes, ...nodes])
        pbf.writeBytesField(GRAPH.node, node.bytes);
      pbf.writeStringField(GRAPH.name, 'part');
      for (const weights of constants.initializers) pbf.writeBytesField(GRAPH.initializer, weights);
      for (const name of values.inputs) {
        pbf.writeMessage(GRAPH.input, writeValue, { name, ...values.typeOf(name) });
      }
      for (const name of values.outputs) {
        pbf.writeMessage(GRAPH.output, (text: string, to) => to.writeStringField(1, text), name);
      }
    },
    undefined,
  );
  return Buffer.concat([header, model.finish()]);
}

/** A ValueInfoProto: a name, and a tensor of a type and a shape. */
function writeValue({ name, type, dims }: ValueType & { name: string }, pbf: Pbf): void {
  const element = ELEMENT_TYPES[type];
  if (element === undefined)
    throw new Error(`A value of type ${type} cannot go from part to part.`);
  pbf.writeStringField(1, name);
  const dimension = (length: number, to: Pbf): void => to.writeVarintField(1, length);
  const shape = (_: undefined, to: Pbf): void => {
    for (const length of dims) to.writeMessage(1, dimension, length);
  };
  const tensor = (_: undefined, to: Pbf): void => {
    to.writeVarintField(1, element);
    to.writeMessage(2, shape, undefined);
  };
  pbf.writeMessage(2, (_: undefined, to) => to.writeMessage(1, tensor, undefined), undefined);
}
