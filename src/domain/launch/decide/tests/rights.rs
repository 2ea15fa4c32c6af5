//! The table of rights: each act by each person.

use crate::domain::{
    ids::{SignatureId, UserId, WaiverId},
    launch::{
        access::{Act, Denied, may},
        command::Command,
        event::{ItemState::NotApplicable, Vote},
        fixture::*,
    },
    role::{InstallationRole, InstallationRoles},
};

/// The columns: whoever asks. Ana marked, attached, commented and asked; Tess signed.
const COLUMNS: [UserId; 12] = [OWNER, ANA, BEN, TECH, TECH2, OPS, SEC, AUDITOR, ADMIN, ADMIN_MEMBER, STRANGER, GONE];

/// Everything an act can be on.
fn furnish(mut world: World) -> World {
    for (key, who) in
        [("critical-tech", ANA), ("critical-tech-proof", TECH), ("critical-any", OPS), ("critical-legal", ANA)]
    {
        world.does(who, world.mark(key, NotApplicable));
    }
    world.does(ANA, world.attach("required-tech"));
    world.does(ANA, world.comment("required-tech"));
    world.does(ANA, world.ask_waiver("required-tech", "2026-12-31"));
    world.does(SEC, world.ask_waiver("required-sec", "2026-12-31"));
    world.does(ANA, world.ask_waiver("required-any", "2026-12-31"));
    let item = world.item("required-tech");
    world.does(AUDITOR, Command::RequestEvidence { item, request: world.id(), text: world.text("show me") });
    world.does(TECH, world.sign(TECH_LEAD, Vote::Go));
    world
}

fn check(world: &World, table: &[(Act, &str)]) {
    for (act, row) in table {
        for (id, cell) in COLUMNS.into_iter().zip(row.chars().filter(|c| *c != ' ')) {
            let actor = &world.people[&id].actor;
            let answer = match may(&world.state, actor, act) {
                Ok(()) => 'Y',
                Err(Denied::Forbidden(_)) => 'F',
                Err(Denied::NotFound) => 'N',
            };
            assert_eq!(answer, cell, "{act:?} by {}", world.people[&id].name);
        }
        assert_eq!(row.chars().filter(|c| *c != ' ').count(), COLUMNS.len(), "{act:?}");
    }
}

#[rustfmt::skip]
#[test]
fn everyone_takes_part_in_an_open_launch_and_its_people_do_the_rest() {
    let w = furnish(World::new());
    let (critical, required) = (w.item("critical-tech"), w.item("required-tech"));
    let comment = w.state.item(required).unwrap().comments[0];
    let request = w.state.item(required).unwrap().requests[0];
    check(
        &w,
        &[
            //                                          own ana ben tech tech2 ops sec   aud adm both str gone
            (Act::See, "                                 Y   Y   Y   Y    Y    Y   Y     Y   Y   Y    Y   N"),
            (Act::Mark(required), "                      Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::Attach(required), "                    Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::RequestEvidence(required), "           Y   Y   Y   Y    Y    Y   Y     Y   F   Y    Y   N"),
            (Act::AnswerRequest(request), "              Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::Comment(required), "                   Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::Assign(required), "                    Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::AskWaiver(required), "                 Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::WriteNotes, "                          Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::TakePart, "                            Y   Y   Y   Y    Y    Y   Y     F   F   Y    Y   N"),
            (Act::EditComment(comment), "                F   Y   F   F    F    F   F     F   F   F    F   N"),
            (Act::HideComment(comment), "                Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::WithdrawEvidence(w.newest_evidence("required-tech")),
                "                                        Y   Y   F   F    F    F   F     F   F   F    F   N"),
            // Agreement: a holder of the item's role, of any required one where it has none or nobody; never who marked.
            (Act::Agree(critical), "                     F   F   F   Y    Y    F   F     F   F   F    F   N"),
            (Act::Agree(w.item("critical-tech-proof")),
                "                                        F   F   F   F    Y    F   F     F   F   F    F   N"),
            (Act::Agree(w.item("critical-any")), "       F   F   F   Y    Y    F   Y     F   F   F    F   N"),
            (Act::Agree(w.item("critical-legal")), "     F   F   F   Y    Y    Y   Y     F   F   F    F   N"),
            // Waivers likewise; revoking is the owner's too.
            (Act::DecideWaiver(w.waiver("required-tech")),
                "                                        F   F   F   Y    Y    F   F     F   F   F    F   N"),
            (Act::DecideWaiver(w.waiver("required-sec")),
                "                                        F   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::DecideWaiver(w.waiver("required-any")),
                "                                        F   F   F   Y    Y    Y   Y     F   F   F    F   N"),
            (Act::RevokeWaiver(w.waiver("required-tech")),
                "                                        Y   F   F   Y    Y    F   F     F   F   F    F   N"),
            (Act::RevokeWaiver(w.waiver("required-sec")),
                "                                        Y   F   F   F    F    F   Y     F   F   F    F   N"),
            (Act::RevokeWaiver(w.waiver("required-any")),
                "                                        Y   F   F   Y    Y    Y   Y     F   F   F    F   N"),
            (Act::Sign(role(TECH_LEAD)), "               F   F   F   Y    Y    F   F     F   F   F    F   N"),
            (Act::Sign(role(LEGAL)), "                   F   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::WithdrawSignature(w.newest_signature()),
                "                                        F   F   F   Y    F    F   F     F   F   F    F   N"),
            (Act::AskSignatures, "                       Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::Decide, "                              Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::Live, "                                Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::ChangeSettings, "                      Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::ManageHolders, "                       Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::ManageParticipants, "                  Y   F   F   F    F    F   F     F   F   F    F   N"),
            (Act::Transfer, "                            Y   F   F   F    F    F   F     F   Y   Y    F   N"),
        ],
    );
}

#[rustfmt::skip]
#[test]
fn a_restricted_launch_does_not_exist_for_others_and_admins_and_auditors_read_it() {
    let w = furnish(World::restricted());
    let required = w.item("required-tech");
    check(
        &w,
        &[
            //                                          own ana ben tech tech2 ops sec   aud adm both str gone
            (Act::See, "                                 Y   Y   N   Y    Y    Y   Y     Y   Y   Y    N   N"),
            (Act::Mark(required), "                      Y   Y   N   Y    Y    Y   Y     F   F   F    N   N"),
            (Act::Comment(required), "                   Y   Y   N   Y    Y    Y   Y     F   F   F    N   N"),
            (Act::WriteNotes, "                          Y   Y   N   Y    Y    Y   Y     F   F   F    N   N"),
            (Act::TakePart, "                            Y   Y   N   Y    Y    Y   Y     F   F   F    N   N"),
            (Act::RequestEvidence(required), "           Y   Y   N   Y    Y    Y   Y     Y   F   F    N   N"),
            (Act::Sign(role(TECH_LEAD)), "               F   F   N   Y    Y    F   F     F   F   F    N   N"),
            (Act::Decide, "                              Y   F   N   F    F    F   F     F   F   F    N   N"),
            (Act::Transfer, "                            Y   F   N   F    F    F   F     F   Y   Y    N   N"),
        ],
    );
}

#[test]
fn what_is_not_there_is_not_found_by_anyone() {
    let w = furnish(World::new());
    let nowhere = uuid::Uuid::from_u128(99);
    let deleted = w.state.item(w.item("required-tech")).unwrap().comments[0];
    let mut w = w;
    w.does(ANA, Command::DeleteComment { comment: deleted });
    let none = "NNNNNNNNNNNN";
    check(
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
fn a_role_that_somebody_holds_answers_for_its_items_alone() {
    let mut w = furnish(World::new());
    w.does(OWNER, Command::AddHolder { role: role(LEGAL), user: BEN });
    check(&w, &[(Act::Agree(w.item("critical-legal")), "F F Y F F F F  F F F F N")]);
    check(&w, &[(Act::Sign(role(LEGAL)), "               F F Y F F F F  F F F F N")]);
    w.does(OWNER, Command::RemoveHolder { role: role(LEGAL), user: BEN });
    check(&w, &[(Act::Agree(w.item("critical-legal")), "F F F Y Y Y Y  F F F F N")]);
}

#[test]
fn who_owns_or_holds_without_being_an_active_member_only_reads() {
    let mut w = furnish(World::new());
    let admin = InstallationRoles::new([InstallationRole::Admin]).unwrap();
    let auditor = InstallationRoles::new([InstallationRole::Auditor]).unwrap();
    w.people.get_mut(&OWNER).unwrap().actor.roles = admin;
    w.people.get_mut(&TECH).unwrap().actor.roles = auditor;
    w.people.get_mut(&SEC).unwrap().actor.active = false;
    let required = w.item("required-tech");
    check(
        &w,
        &[
            (Act::See, "                   Y Y Y Y Y Y N  Y Y Y Y N"),
            (Act::Mark(required), "        F Y Y F Y Y N  F F Y Y N"),
            (Act::Decide, "                F F F F F F N  F F F F N"),
            (Act::Sign(role(TECH_LEAD)), " F F F F Y F N  F F F F N"),
            (Act::Sign(role(SECURITY)), "  F F F F F F N  F F F F N"),
        ],
    );
}

#[test]
fn whoever_has_no_account_finds_nothing() {
    let mut w = World::new();
    w.people.remove(&ANA);
    assert_eq!(w.answer(ANA, w.comment("required-tech")), Answer::NotFound);
}
