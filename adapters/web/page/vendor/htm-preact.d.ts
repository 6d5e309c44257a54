/** What we use of htm/preact/standalone.module.js, served under this name. */
export type Node = object | string | number | boolean | null | undefined | readonly Node[];
/** `undefined`, or what undoes the effect. */
export type Cleanup = ReturnType<() => void> | (() => void);
export const html: (strings: TemplateStringsArray, ...values: readonly unknown[]) => object;
export function render(tree: Node, parent: Element): void;
export class Component<P = object, S = object> {
  constructor(props: P);
  props: P;
  state: S;
  setState(change: Partial<S>): void;
  shouldComponentUpdate?(next: P, nextState: S): boolean;
  render(props: P, state: S): Node;
}
export function useState<T>(first: T | (() => T)): [T, (next: T | ((before: T) => T)) => void];
export function useEffect(effect: () => Cleanup, needs?: readonly unknown[]): void;
export function useLayoutEffect(effect: () => Cleanup, needs?: readonly unknown[]): void;
export function useRef<T>(first: T): { current: T };
export function useMemo<T>(make: () => T, needs: readonly unknown[]): T;
