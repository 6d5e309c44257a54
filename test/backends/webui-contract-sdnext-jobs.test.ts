import { webuiContract } from "./webui-contract.ts";

webuiContract({ flavour: "sdnext", jobs: true });
