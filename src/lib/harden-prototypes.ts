/**
 * What every object of this process inherits from can no longer be changed. For the start of the program, before libraries
 * are loaded; a second call does nothing more.
 *
 * Object.prototype is frozen in a way that lets objects have a `toString` or `constructor` of their own by assignment, as
 * libraries give them. Lists and functions only take no new names: a frozen one would refuse the same to all of them.
 */
export function hardenPrototypes(): void {
  if (Object.isFrozen(Object.prototype)) return;
  for (const name of Object.getOwnPropertyNames(Object.prototype)) letBeOverridden(name);
  Object.freeze(Object.prototype);
  Object.seal(Array.prototype);
  Object.seal(Function.prototype);
}

/** Read-only, an inherited property would refuse an assignment to every object; an accessor can tell whose it is. */
function letBeOverridden(name: string): void {
  const found = Object.getOwnPropertyDescriptor(Object.prototype, name);
  if (!found || !("value" in found)) return;
  const value: unknown = found.value;
  Object.defineProperty(Object.prototype, name, {
    enumerable: false,
    configurable: false,
    get: () => value,
    set(this: unknown, own: unknown) {
      if (this === Object.prototype) throw new TypeError(`Object.prototype.${name} is not to be changed`);
      if (typeof this === "object" || typeof this === "function")
        Object.defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true });
    },
  });
}
