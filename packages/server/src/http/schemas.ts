import { type TObject, type TUnsafe, Type } from "typebox";

/** Schemas of answers, for the API's description. */
export interface AnswerSchemas {
  readonly response: Readonly<Record<number | string, TUnsafe<unknown> | TObject>>;
}

/** Describe a route's answer; `what` names a shape of `core/src/wire.ts`, or is empty for an answer without a body. */
export function ok(what: string, status = 200): AnswerSchemas {
  const success = what === "" ? Type.Unsafe<unknown>({ type: "null" }) : Type.Unsafe<unknown>({ description: what });
  const error = Type.Object({ code: Type.String(), message: Type.String(), retryable: Type.Boolean() });
  return { response: { [status]: success, "4xx": error, "5xx": error } };
}
