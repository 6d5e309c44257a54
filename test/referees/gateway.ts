import { loadValidators } from "./cached.ts";
import { gatewayValidators } from "./gateway/generate.ts";
import { overTheWire } from "./json.ts";

/** Judges what goes over Discord's websocket gateway, by the types of `discord-api-types`. */
export interface GatewayReferee {
  /** Names of the messages it knows: one per property of `gateway/types.ts`. */
  readonly names: readonly string[];
  /** `undefined` is: nothing to complain about. Unions can name a neighbour of the culprit: trust the verdict. */
  message(name: string, payload: unknown): readonly string[] | undefined;
}

function gatewayRefereeOver(validatorsFile: string): GatewayReferee {
  const validators = loadValidators(validatorsFile);
  return {
    names: Object.keys(validators),
    message(name, payload) {
      const validate = validators[name];
      if (!validate) return [`no schema for ${name}: add it to test/referees/gateway/types.ts`];
      if (validate(overTheWire(payload))) return undefined;
      return (validate.errors ?? [])
        .filter((error) => !/anyOf|oneOf/.test(error.keyword))
        .toSorted((a, b) => b.instancePath.length - a.instancePath.length)
        .slice(0, 5)
        .map(({ instancePath, message, params }) =>
          `${instancePath} ${message ?? "is wrong"} ${JSON.stringify(params)}`.slice(0, 200),
        );
    },
  };
}

let shared: Promise<GatewayReferee> | undefined;
/** The referee, made once per process. It needs nothing but the installed packages. */
export const gatewayReferee = (): Promise<GatewayReferee> => {
  shared ??= gatewayValidators().then(gatewayRefereeOver);
  return shared;
};
