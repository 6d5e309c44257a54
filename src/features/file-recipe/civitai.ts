import { z } from "zod";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import type { ToldLora } from "./told.ts";

const resourceSchema = z.object({
  type: z.string(),
  weight: z.number().nullish(),
  modelName: z.string().nullish(),
  modelVersionName: z.string().nullish(),
});

/** "Civitai resources" of a picture made on its site; `undefined` where that is no such list. */
export function civitaiLoras(
  json: string,
): { readonly loras: readonly ToldLora[]; readonly models: readonly string[] } | undefined {
  let list: unknown;
  try {
    list = parseForeignJson(json);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  const known = list.flatMap((entry) => resourceSchema.safeParse(entry).data ?? []);
  const nameOf = ({ modelName, modelVersionName }: z.output<typeof resourceSchema>) =>
    [modelName, modelVersionName].filter((part) => part !== undefined && part !== null).join(" ");
  const isLora = ({ type }: z.output<typeof resourceSchema>) => /^(?:lora|locon|dora)/iu.test(type);
  return {
    loras: known.filter(isLora).map((entry) => ({ name: nameOf(entry), weight: entry.weight ?? undefined })),
    models: known.filter((entry) => !isLora(entry)).map(nameOf),
  };
}
