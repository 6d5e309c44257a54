import { webuiContract } from "./webui-contract.ts";

webuiContract({ flavour: "forge" });
