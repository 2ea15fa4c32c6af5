//! Tests the table of rights: each act by each person.

use crate::domain::{
    ids::{SignatureId, UserId, WaiverId},
    launch::{
        access::{AccessRefusal, Act, check_access},
        command::Command,
        event::{ItemState::NotApplicable, Vote},
        fixture::*,
    },
    role::{InstallationRole, InstallationRoles},
};

/// The columns of the tables: the actors. Ana marked, attached, commented and asked; Tess signed.
const ACTORS: [UserId; 12] =
    [OWNER, ANA, BEN, TECH, TECH2, OPS, SEC, AUDITOR, ADMIN, ADMIN_MEMBER, STRANGER, DEACTIVATED];

/// Adds everything that an act can be about.
fn furnish_world(mut world: World) -> World {
    for (key, who) in
        [("critical-tech", ANA), ("critical-tech-proof", TECH), ("critical-any", OPS), ("critical-legal", ANA)]
    {
        world.run_ok(who, world.mark(key, NotApplicable));
    }
    world.run_ok(ANA, world.attach("required-tech"));
    world.run_ok(ANA, world.comment("required-tech"));
    world.run_ok(ANA, world.ask_waiver("required-tech", "2026-12-31"));
    world.run_ok(SEC, world.ask_waiver("required-sec", "2026-12-31"));
    world.run_ok(ANA, world.ask_waiver("required-any", "2026-12-31"));
    let item = world.item("required-tech");
    world.run_ok(AUDITOR, Command::RequestEvidence { item, request: world.id(), text: world.text("show me") });
    world.run_ok(TECH, world.sign(TECH_LEAD, Vote::Go));
    world
}

fn check_rights(world: &World, table: &[(Act, &str)]) {
    for (act, row) in table {
        for (id, cell) in ACTORS.into_iter().zip(row.chars().filter(|c| *c != ' ')) {
            let actor = &world.people[&id].actor;
            let answer = match check_access(&world.state, actor, act) {
                Ok(()) => 'Y',
                Err(AccessRefusal::Forbidden(_)) => 'F',
                Err(AccessRefusal::NotFound) => 'N',
            };
            assert_eq!(answer, cell, "{act:?} by {}", world.people[&id].name);
        }
        assert_eq!(row.chars().filter(|c| *c != ' ').count(), ACTORS.len(), "{act:?}");
    }
}

#[rustfmt::skip]
#[test]
fn rights_on_an_open_launch() {
    let w = furnish_world(World::new());
    let (critical, required) = (w.item("critical-tech"), w.item("required-tech"));
    let comment = w.state.item(required).unwrap().comments[0];
    let request = w.state.item(required).unwrap().evidence_requests[0];
    check_rights(
        &w,
        &[
            //                                          own ana ben tech tech2 ops sec   aud adm both str gone
            (Act::View, "                                 Y   Y   Y   Y    Y    Y   Y     Y   Y   Y    Y   N"),
            (Act::Mark(required), "                      Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::Attach(required), "                    Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::RequestEvidence(required), "           Y   Y   Y   Y    Y    Y   Y     Y   F   Y    Y   N"),
            (Act::AnswerRequest(request), "              Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::Comment(required), "                   Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::Assign(required), "                    Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::AskWaiver(required), "                 Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::WriteNotes, "                          Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::Participate, "                            Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::EditComment(comment), "                F   Y   F   F    F    F   F     F   F   F    F   N"),
            (Act::HideComment(comment), "                Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::WithdrawEvidence(w.newest_evidence("required-tech")),
                "                                        Y   Y   F   F    F    F   F     F   F   F    F   N"),
            // Agreement: a holder of the item's role, or of any required role if the item has none or one without
            // holders. Never the person who marked it.
            (Act::Agree(critical), "                     F   F   F   Y    Y    F   F     F   F   F    F   N"),
            (Act::Agree(w.item("critical-tech-proof")),
                "                                        F   F   F   F    Y    F   F     F   F   F    F   N"),
            (Act::Agree(w.item("critical-any")), "       F   F   F   Y    Y    F   Y     F   F   F    F   N"),
            (Act::Agree(w.item("critical-legal")), "     F   F   F   Y    Y    Y   Y     F   F   F    F   N"),
            // The same for waivers. The owner may revoke them as well.
            (Act::DecideWaiver(w.newest_waiver("required-tech")),
                "                                        F   F   F   Y    Y    F   F     F   F   F    F   N"),
            (Act::DecideWaiver(w.newest_waiver("required-sec")),
                "                                        F   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::DecideWaiver(w.newest_waiver("required-any")),
                "                                        F   F   F   Y    Y    Y   Y     F   F   F    F   N"),
            (Act::RevokeWaiver(w.newest_waiver("required-tech")),
                "                                        Y   F   F   Y    Y    F   F     F   F   F    F   N"),
            (Act::RevokeWaiver(w.newest_waiver("required-sec")),
                "                                        Y   F   F   F    F    F   Y     F   F   F    F   N"),
            (Act::RevokeWaiver(w.newest_waiver("required-any")),
                "                                        Y   F   F   Y    Y    Y   Y     F   F   F    F   N"),
            (Act::Sign(role(TECH_LEAD)), "               F   F   F   Y    Y    F   F     F   F   F    F   N"),
            (Act::Sign(role(LEGAL)), "                   F   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::WithdrawSignature(w.newest_signature()),
                "                                        F   F   F   Y    F    F   F     F   F   F    F   N"),
            (Act::AskSignatures, "                       Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::Decide, "                              Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::ManageLifecycle, "                                Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::ChangeSettings, "                      Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::ManageHolders, "                       Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::ManageParticipants, "                  Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::Transfer, "                            Y   F   F   F    F    F   F     F   Y   Y    F   N"),
        ],
    );
}

#[rustfmt::skip]
#[test]
fn rights_on_a_restricted_launch() {
    let w = furnish_world(World::restricted());
    let required = w.item("required-tech");
    check_rights(
        &w,
        &[
            //                                          own ana ben tech tech2 ops sec   aud adm both str gone
            (Act::View, "                                 Y   Y   N   Y    Y    Y   Y     Y   Y   Y    N   N"),
            (Act::Mark(required), "                      Y   Y   N   Y    Y    Y   Y     F   F   F    N   N"),
            (Act::Comment(required), "                   Y   Y   N   Y    Y    Y   Y     F   F   F    N   N"),
            (Act::WriteNotes, "                          Y   Y   N   Y    Y    Y   Y     F   F   F    N   N"),
            (Act::Participate, "                            Y   Y   N   Y    Y    Y   Y     F   F   F    N   N"),
            (Act::RequestEvidence(required), "           Y   Y   N   Y    Y    Y   Y     Y   F   F    N   N"),
            (Act::Sign(role(TECH_LEAD)), "               F   F   N   Y    Y    F   F     F   F   F    N   N"),
            (Act::Decide, "                              Y   F   N   F    F    F   F     F   F   F    N   N"),
            (Act::Transfer, "                            Y   F   N   F    F    F   F     F   Y   Y    N   N"),
        ],
    );
}

#[test]
fn rights_on_a_missing_thing_are_not_found_for_everyone() {
    let w = furnish_world(World::new());
    let nowhere = uuid::Uuid::from_u128(99);
    let deleted = w.state.item(w.item("required-tech")).unwrap().comments[0];
    let mut w = w;
    w.run_ok(ANA, Command::DeleteComment { comment: deleted });
    let none = "NNNNNNNNNNNN";
    check_rights(
        &w,
        &[
            (Act::Mark(nowhere.into()), none),
            (Act::Agree(nowhere.into()), none),
            (Act::Attach(nowhere.into()), none),
            (Act::WithdrawEvidence(nowhere.into()), none),
            (Act::RequestEvidence(nowhere.into()), none),
            (Act::AnswerRequest(nowhere.into()), none),
            (Act::Comment(nowhere.into()), none),
            (Act::EditComment(nowhere.into()), none),
            (Act::EditComment(deleted), none),
            (Act::HideComment(nowhere.into()), none),
            (Act::HideComment(deleted), none),
            (Act::Assign(nowhere.into()), none),
            (Act::AskWaiver(nowhere.into()), none),
            (Act::DecideWaiver(WaiverId(nowhere)), none),
            (Act::RevokeWaiver(WaiverId(nowhere)), none),
            (Act::WithdrawSignature(SignatureId(nowhere)), none),
        ],
    );
}

#[test]
fn rights_on_items_of_a_held_role_belong_to_its_holders_only() {
    let mut w = furnish_world(World::new());
    w.run_ok(OWNER, Command::AddHolder { role: role(LEGAL), user: BEN });
    check_rights(&w, &[(Act::Agree(w.item("critical-legal")), "F F Y F F F F  F F F F N")]);
    check_rights(&w, &[(Act::Sign(role(LEGAL)), "               F F Y F F F F  F F F F N")]);
    w.run_ok(OWNER, Command::RemoveHolder { role: role(LEGAL), user: BEN });
    check_rights(&w, &[(Act::Agree(w.item("critical-legal")), "F F F Y Y Y Y  F F F F N")]);
}

#[test]
fn rights_of_an_owner_or_holder_who_is_no_active_member_are_reading_only() {
    let mut w = furnish_world(World::new());
    let admin = InstallationRoles::new([InstallationRole::Admin]).unwrap();
    let auditor = InstallationRoles::new([InstallationRole::Auditor]).unwrap();
    w.people.get_mut(&OWNER).unwrap().actor.roles = admin;
    w.people.get_mut(&TECH).unwrap().actor.roles = auditor;
    w.people.get_mut(&SEC).unwrap().actor.active = false;
    let required = w.item("required-tech");
    check_rights(
        &w,
        &[
            (Act::View, "                   Y Y Y Y Y Y N  Y Y Y Y N"),
            (Act::Mark(required), "        F Y Y F Y Y N  F F Y Y N"),
            (Act::Decide, "                F F F F F F N  F F F F N"),
            (Act::Sign(role(TECH_LEAD)), " F F F F Y F N  F F F F N"),
            (Act::Sign(role(SECURITY)), "  F F F F F F N  F F F F N"),
        ],
    );
}

#[test]
fn rights_of_somebody_without_an_account_are_not_found() {
    let mut w = World::new();
    w.people.remove(&ANA);
    assert_eq!(w.dry_run(ANA, w.comment("required-tech")), OutcomeSummary::NotFound);
}
