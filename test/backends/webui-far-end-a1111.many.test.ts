import { webuiFarEnd } from "./webui-contract.ts";

webuiFarEnd("webui a1111 without its page", { flavour: "a1111", page: false }, [
  { name: "openapi", kind: "json" },
  { name: "make", kind: "json" },
  { name: "progress", kind: "json" },
]);
