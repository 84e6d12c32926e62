/**
 * The names of the methods that `using` calls. WebKit has no such symbols yet, and `[Symbol.dispose]` would name a method "undefined" there;
 * what bundlers make of `using` looks for these instead.
 */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
export const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
