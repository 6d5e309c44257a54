/** Output `1` of a node is its number there, from 0. */
export type Link = readonly [node: string, output: number];

export interface GraphNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
/** ComfyUI's API format: what POST /prompt takes. */
export type Graph = Readonly<Record<string, GraphNode>>;

export const node = (class_type: string, inputs: GraphNode["inputs"]): GraphNode => ({ class_type, inputs });
