import { webuiContract } from "./webui-contract.ts";

webuiContract({ flavour: "a1111", page: false });
