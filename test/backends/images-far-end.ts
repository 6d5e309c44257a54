import { CANARY, type FarEnd } from "../contracts/far-end.ts";
import { openImagesApi } from "../fakes/images-api.ts";
import { imagesAt, plain } from "./images-rig.ts";

const farEnd = (name: string, isAddress: boolean): FarEnd => ({
  name,
  open: async ({ clock }) => {
    const server = await openImagesApi({ kind: "open", token: CANARY });
    if (isAddress) server.byAddress();
    return {
      backend: imagesAt(server, "open", clock),
      server,
      exchanges: [
        { name: "generations", kind: "json" },
        ...(isAddress ? [{ name: "picture", kind: "picture" } as const] : []),
      ],
      slow: () => server.takes(3000),
      jobs: server.jobs,
      wrongSize: server.wrongSize,
    };
  },
  options: { style: plain },
});

export const imagesAsText = farEnd("images, as base64", false);
export const imagesByAddress = farEnd("images, by an address", true);
