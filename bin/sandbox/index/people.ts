import type { Project, Role } from "./projects.ts";

/** What is done to somebody's rights. */
export interface RoleChange {
  readonly project: string;
  readonly verb: "add" | "remove" | "change" | "invite" | "revoke_invite" | "accepted";
  readonly role: Role["role"];
  /** A user's name, or a team's. */
  readonly name: string;
  /** Of a change. */
  readonly to?: Role["role"];
  /** Teams hold roles that no JSON shows. */
  readonly team?: boolean;
}

/** Who may publish which project. Each honest change writes the row that PyPI's code writes for it. */
export class People {
  readonly #project: (name: string) => Project;
  readonly #write: (project: Project, action: string) => void;

  constructor(project: (name: string) => Project, write: (project: Project, action: string) => void) {
    this.#project = project;
    this.#write = write;
  }

  /** Invitations and their end change nothing but the journal; being accepted is what makes a user an owner. */
  turn({ project: name, verb, role, name: who, to, team = false }: RoleChange): void {
    const project = this.#project(name);
    const isListed = !team && (verb === "add" || verb === "accepted");
    if (isListed) project.roles.push({ role, user: who });
    if (verb === "remove" || verb === "change") this.#take(project, role, who);
    if (verb === "change" && !team && to !== undefined) project.roles.push({ role: to, user: who });
    this.#write(project, `${verb} ${role} ${who}${verb === "change" ? ` to ${to ?? role}` : ""}`);
  }

  /** Who holds what from now on, with no row in the journal: an account that was deleted, or a hand in the database. */
  setRoles(name: string, roles: readonly Role[]): void {
    const project = this.#project(name);
    project.roles.splice(0, project.roles.length, ...roles);
    project.touch();
  }

  /** Moves no serial either. */
  setOrganization(name: string, organization: string | null): void {
    const project = this.#project(name);
    project.organization = organization;
    project.touch();
  }

  #take(project: Project, role: Role["role"], user: string): void {
    const at = project.roles.findIndex((each) => each.role === role && each.user === user);
    if (at >= 0) project.roles.splice(at, 1);
  }
}
