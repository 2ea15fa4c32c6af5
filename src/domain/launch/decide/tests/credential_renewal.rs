//! Tests who can't do things that others rely on after somebody else renewed their credentials.

use crate::domain::{
    ids::UserId,
    launch::{
        command::{Command, Conflict, Refusal},
        credential_renewal::{CredentialRenewal, CredentialRenewals, DISCLOSURE_SECONDS, RenewalKind},
        event::{
            Change,
            ItemState::{Done, NotApplicable},
            PersonRef,
            Vote::{Go, NoGo},
        },
        fixture::*,
    },
};

const HOUR: i64 = 3_600;

/// An admin's link renews somebody's credentials now.
fn renew_credentials(world: &mut World, who: UserId) -> CredentialRenewal {
    let by = PersonRef { id: ADMIN, name: world.people[&ADMIN].name.clone() };
    let renewed = CredentialRenewal { how: RenewalKind::ResetLink, by: Some(by), at: world.now, confirmed_by: None };
    world.people.get_mut(&who).unwrap().credential_renewals =
        CredentialRenewals { renewals: vec![renewed.clone()], second_factor_since: None, waiting_seconds: 24 * HOUR };
    renewed
}

#[track_caller]
fn assert_waits(world: &World, who: UserId, command: Command, renewed: &CredentialRenewal) {
    let described = format!("{command:?}");
    let context = world.context(who, &command);
    match crate::domain::launch::decide::decide(&world.state, command, &context) {
        Err(Refusal::Conflict(Conflict::Waiting(waiting))) => {
            assert_eq!((&waiting.renewal, waiting.until), (renewed, renewed.at.plus_seconds(24 * HOUR)), "{described}");
        }
        other => panic!("{described}: {other:?}"),
    }
}

#[test]
fn renewed_credentials_of_a_holder_block_signing_and_approving() {
    let mut world = World::new();
    world.run_ok(ANA, world.mark("critical-tech", NotApplicable));
    world.waive("required-tech", "2026-11-08", TECH2);
    world.run_ok(ANA, world.ask_waiver("advisory-any", "2026-11-08"));
    world.run_ok(TECH, world.sign(TECH_LEAD, Go));
    let signature = world.state.signatures[0].record.id;
    let renewed = renew_credentials(&mut world, TECH);
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
        assert_waits(&world, TECH, command, &renewed);
    }
    // Acts on which nobody relies are still allowed, and so is everything for everybody else.
    world.run_ok(TECH, world.mark("required-any", Done));
    world.run_ok(TECH, world.comment("required-any"));
    world.run_ok(TECH2, world.sign(TECH_LEAD, Go));
}

#[test]
fn renewed_credentials_of_an_owner_block_decisions_and_rights() {
    let mut world = World::new();
    let renewed = renew_credentials(&mut world, OWNER);
    let details = world.state.details.target.clone();
    for command in [
        Command::DeclareGo { acknowledged: Vec::new(), saw: None },
        Command::Hold { reason: world.text("no") },
        Command::Resume { reason: None },
        Command::Reopen { reason: world.text("no") },
        Command::Launch { at: None, past: None },
        Command::Close { settlements: std::collections::BTreeMap::new() },
        Command::Cancel { reason: world.text("no") },
        Command::TransferOwnership { to: ANA, reason: None },
        Command::AddHolder { role: role(SECURITY), user: ANA },
        Command::RemoveHolder { role: role(SECURITY), user: SEC },
        Command::AddParticipant { user: ANA },
        Command::RemoveParticipant { user: ANA },
        Command::ChangeRestriction { restricted: true },
        Command::ChangePolicy { policy: world.state.policy },
        Command::ChangeDetails { name: world.text("Other"), summary: None, target: details },
    ] {
        assert_waits(&world, OWNER, command, &renewed);
    }
    world.run_ok(OWNER, Command::AskSignatures);
}

#[test]
fn renewed_credentials_are_recorded_in_signatures_for_thirty_days() {
    let mut world = World::new();
    let renewed = renew_credentials(&mut world, SEC);
    let start = world.now;
    for (seconds, verdict, marked) in
        [(24 * HOUR, Go, true), (DISCLOSURE_SECONDS - 1, NoGo, true), (DISCLOSURE_SECONDS, Go, false)]
    {
        world.now = start.plus_seconds(seconds);
        let Change::Signed(record) = world.run_ok(SEC, world.sign(SECURITY, verdict)).clone() else { panic!() };
        assert_eq!(record.renewed, if marked { vec![renewed.clone()] } else { vec![] }, "{seconds}");
        let json = String::from_utf8(world.events.last().unwrap().to_bytes()).unwrap();
        assert_eq!(json.contains("\"renewed\""), marked, "an ordinary signature is written as ever");
    }
}

#[test]
fn renewed_credentials_confirmed_by_another_admin_no_longer_block() {
    let mut world = World::new();
    renew_credentials(&mut world, SEC);
    let by = PersonRef { id: ADMIN_MEMBER, name: world.people[&ADMIN_MEMBER].name.clone() };
    world.people.get_mut(&SEC).unwrap().credential_renewals.renewals[0].confirmed_by = Some(by.clone());
    let Change::Signed(record) = world.run_ok(SEC, world.sign(SECURITY, Go)).clone() else { panic!() };
    assert_eq!(record.renewed[0].confirmed_by, Some(by));
}
