import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/**
 * Says why a rule of cdk-nag's AwsSolutions does not hold for one resource. `finding` narrows it to one of several that
 * the rule may report there, such as one wildcard.
 */
export const acknowledge = (scope: IConstruct, rule: string, reason: string, finding?: string): void =>
  Validations.of(scope).acknowledge({
    id: `AwsSolutions::AwsSolutions-${rule}${finding === undefined ? "" : `[${finding}]`}`,
    reason,
  });
