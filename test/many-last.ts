import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * What `npm test` has run with few cases comes last in `npm run test:all`: where the time of a run is over before its end
 * (test/in-time-runner.ts) it is what can be missed best.
 */
export class ManyLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(isMany(a)) - Number(isMany(b)));
  }
}

const isMany = ({ moduleId, project }: TestSpecification): boolean =>
  project.name === "slow" && moduleId.endsWith(".many.test.ts");
