//! Who does nothing that others rely on, after another renewed their way in.

use crate::domain::{
    ids::UserId,
    launch::{
        command::{Command, Conflict, Refusal},
        event::{
            Change,
            ItemState::{Done, NotApplicable},
            PersonRef,
            Vote::{Go, NoGo},
        },
        fixture::*,
        way_in::{MARKED_SECONDS, RenewalKind, RenewedWayIn, WayIn},
    },
};

const HOUR: i64 = 3_600;

/// Somebody's way in is renewed now, by a link of the admin.
fn renew(world: &mut World, who: UserId) -> RenewedWayIn {
    let by = PersonRef { id: ADMIN, name: world.people[&ADMIN].name.clone() };
    let renewed = RenewedWayIn { how: RenewalKind::ResetLink, by: Some(by), at: world.now, confirmed_by: None };
    world.people.get_mut(&who).unwrap().way_in =
        WayIn { renewed: vec![renewed.clone()], second_factor_since: None, wait: 24 * HOUR };
    renewed
}

#[track_caller]
fn waits(world: &World, who: UserId, command: Command, renewed: &RenewedWayIn) {
    let told = format!("{command:?}");
    let context = world.context(who, &command);
    match crate::domain::launch::decide::decide(&world.state, command, &context) {
        Err(Refusal::Conflict(Conflict::Waiting(waiting))) => {
            assert_eq!((&waiting.renewed, waiting.until), (renewed, renewed.at.plus_seconds(24 * HOUR)), "{told}");
        }
        other => panic!("{told}: {other:?}"),
    }
}

#[test]
fn a_holder_with_a_renewed_way_in_neither_signs_nor_approves_nor_withdraws() {
    let mut world = World::new();
    world.does(ANA, world.mark("critical-tech", NotApplicable));
    world.waive("required-tech", "2026-11-08", TECH2);
    world.does(ANA, world.ask_waiver("advisory-any", "2026-11-08"));
    world.does(TECH, world.sign(TECH_LEAD, Go));
    let signature = world.state.signatures[0].record.id;
    let renewed = renew(&mut world, TECH);
    let withdrawal = Command::WithdrawSignature { signature, comment: world.text("mended") };
    for command in [
        world.sign(TECH_LEAD, Go),
        world.sign(TECH_LEAD, NoGo),
        withdrawal,
        world.agree("critical-tech", true),
        world.agree("critical-tech", false),
        world.decide_waiver("advisory-any", true),
        world.decide_waiver("advisory-any", false),
        world.revoke_waiver("required-tech"),
    ] {
        waits(&world, TECH, command, &renewed);
    }
    // What nobody relies on goes on, and so does everybody else.
    world.does(TECH, world.mark("required-any", Done));
    world.does(TECH, world.comment("required-any"));
    world.does(TECH2, world.sign(TECH_LEAD, Go));
}

#[test]
fn an_owner_with_a_renewed_way_in_decides_nothing_and_gives_nobody_a_right() {
    let mut world = World::new();
    let renewed = renew(&mut world, OWNER);
    let details = world.state.details.target.clone();
    for command in [
        Command::DeclareGo { acknowledged: Vec::new(), saw: None },
        Command::Hold { reason: world.text("no") },
        Command::Resume { reason: None },
        Command::Reopen { reason: world.text("no") },
        Command::Launch { at: None, past: None },
        Command::Close { settlements: std::collections::BTreeMap::new() },
        Command::Cancel { reason: world.text("no") },
        Command::Transfer { to: ANA, reason: None },
        Command::AddHolder { role: role(SECURITY), user: ANA },
        Command::RemoveHolder { role: role(SECURITY), user: SEC },
        Command::AddParticipant { user: ANA },
        Command::RemoveParticipant { user: ANA },
        Command::ChangeRestriction { restricted: true },
        Command::ChangePolicy { policy: world.state.policy },
        Command::ChangeDetails { name: world.text("Other"), summary: None, target: details },
    ] {
        waits(&world, OWNER, command, &renewed);
    }
    world.does(OWNER, Command::AskSignatures);
}

#[test]
fn after_the_waiting_a_signature_says_that_the_way_in_was_renewed_for_thirty_days() {
    let mut world = World::new();
    let renewed = renew(&mut world, SEC);
    let start = world.now;
    for (seconds, verdict, marked) in
        [(24 * HOUR, Go, true), (MARKED_SECONDS - 1, NoGo, true), (MARKED_SECONDS, Go, false)]
    {
        world.now = start.plus_seconds(seconds);
        let Change::Signed(record) = world.does(SEC, world.sign(SECURITY, verdict)).clone() else { panic!() };
        assert_eq!(record.renewed, if marked { vec![renewed.clone()] } else { vec![] }, "{seconds}");
        let json = String::from_utf8(world.events.last().unwrap().bytes()).unwrap();
        assert_eq!(json.contains("\"renewed\""), marked, "an ordinary signature is written as ever");
    }
}

#[test]
fn another_admins_word_ends_the_waiting_and_not_the_mark() {
    let mut world = World::new();
    renew(&mut world, SEC);
    let by = PersonRef { id: ADMIN_MEMBER, name: world.people[&ADMIN_MEMBER].name.clone() };
    world.people.get_mut(&SEC).unwrap().way_in.renewed[0].confirmed_by = Some(by.clone());
    let Change::Signed(record) = world.does(SEC, world.sign(SECURITY, Go)).clone() else { panic!() };
    assert_eq!(record.renewed[0].confirmed_by, Some(by));
}
