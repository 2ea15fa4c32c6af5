//! The demo launch: three weeks of preparing it, told in order.

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use bytes::Bytes;
use jiff::ToSpan as _;

use super::DemoPerson;
use crate::{
    ambient, checklists,
    domain::{
        canonical::Sha256Hash,
        checklist::Importance,
        digest,
        ids::{EvidenceId, ItemId, LaunchId, UserId, WaiverId},
        launch::{
            command::{Command, NewEvidence, NewLaunch, NewSignature, Proof},
            event::{ItemState, Meaning, Policy, ProofMethod, Vote},
            state::{Item, LaunchState},
        },
        role::RoleSlug,
        statement,
        time::{Day, LocalTime, Moment, Zone},
    },
    launch_page::texts::new_text,
    record::execute::Asker,
    state::AppState,
};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// How much of each part is resolved, in percent, in the checklist's order; the last part comes after the launch.
const PROGRESS: [u8; 14] = [97, 92, 90, 88, 80, 60, 65, 72, 55, 50, 62, 45, 40, 15];

/// What people wrote when something did not apply.
const NOT_APPLICABLE: [&str; 4] = [
    "Covered by the hosting platform, which does this for every service on it.",
    "This service has no state of its own that would need it.",
    "Nothing of the kind is in this release; it comes with the next.",
    "The contract leaves this with the provider; see the annex.",
];

/// What the remarks under items say.
const COMMENTS: [&str; 6] = [
    "The staging run took 31 minutes with four jobs, so it fits the window.",
    "Could somebody else look at this as well? I wrote most of it.",
    "Done for the two main paths; the third follows on Thursday.\n\n- checkout\n- refunds",
    "The numbers are from last night’s run, see the attached report.",
    "Asked the provider; they confirmed it in writing.",
    "This was red until yesterday, `retry=3` fixed it.",
];

/// One who tells the story: the launch as it stands, and where the clock is.
struct Story<'a> {
    state: &'a AppState,
    people: &'a [DemoPerson],
    launch: Arc<LaunchState>,
    now: Moment,
}

pub(super) async fn make(state: &AppState, people: &[DemoPerson]) -> anyhow::Result<()> {
    let present = state.clock.now();
    let mut story = begin(state, people, present.plus_seconds(-20 * DAY)).await?;
    story.prepare(present.plus_seconds(-3 * DAY)).await?;
    story.exceptions(present.plus_seconds(-2 * DAY)).await?;
    story.signatures(present).await
}

/// Makes the launch and names its people.
async fn begin<'a>(state: &'a AppState, people: &'a [DemoPerson], now: Moment) -> anyhow::Result<Story<'a>> {
    let version = checklists::shipped::version(&state.db, &state.record).await?;
    let version = version.context("the checklist that ships is not there")?;
    let zone: Zone = "Europe/Lisbon".parse()?;
    let day = now.local(&zone).date().checked_add(28.days())?;
    let target = LocalTime::parse(&format!("{day}T09:00"), zone)?;
    let owner = person(people, "product")?;
    let new = NewLaunch {
        id: ambient::new_id::<LaunchId>(),
        name: new_text("Payments 2.0"),
        summary: Some(new_text("Card payments move to the new ledger. Refunds and payouts follow in spring.")),
        target,
        policy: Policy::default(),
        restricted: false,
        version,
    };
    let made = state.record.create(&state.db, asker(owner.id, now, false), new).await?;
    let mut story = Story { state, people, launch: made.state, now };
    let mut commands = Vec::new();
    for role in ["tech_lead", "operations", "security", "product"] {
        commands.push(Command::AddHolder { role: role.parse()?, user: person(people, role)?.id });
    }
    let notes = "Freeze from **Monday 18:00**; refunds stay on the old ledger until spring.\n\n\
                 - Support is staffed from 07:00 on the day\n- The rollback switch is `ledger.mode=shadow`";
    commands.push(Command::WriteNotes { notes: Some(new_text(notes)), base: None });
    story.act("product", 10 * 60, commands).await?;
    Ok(story)
}

impl Story<'_> {
    /// Somebody does something, so many seconds after what happened last.
    async fn act(&mut self, who: &str, later: i64, commands: Vec<Command>) -> anyhow::Result<()> {
        let id = person(self.people, who)?.id;
        self.act_as(id, later, commands).await
    }

    async fn act_as(&mut self, who: UserId, later: i64, commands: Vec<Command>) -> anyhow::Result<()> {
        self.now = self.now.plus_seconds(later);
        let asker = asker(who, self.now, true);
        let done = self.state.record.execute(&self.state.db, asker, self.launch.id, commands).await?;
        self.launch = done.state;
        Ok(())
    }

    /// Items are resolved one after the other, by those who answer for them and the two members.
    async fn prepare(&mut self, until: Moment) -> anyhow::Result<()> {
        let items: Vec<ItemId> = self.launch.before().map(|(item, _)| item.id).collect();
        let count = i64::try_from(items.len())?.max(1);
        let step = until.seconds_since(self.now) / count;
        for (at, id) in items.into_iter().enumerate() {
            let item = self.item(id)?.clone();
            let chance = chance(&item, "fate");
            let progress = PROGRESS.get(item.at.0).copied().unwrap_or(0);
            let who = self.worker(&item, at)?;
            if chance % 7 == 3 {
                let due = Day::of(self.now.plus_seconds(18 * DAY), self.launch.zone());
                let assign = Command::Assign { item: id, assignee: Some(who), due: Some(due) };
                self.act("product", step / 4, vec![assign]).await?;
            }
            if chance >= progress {
                continue;
            }
            let commands = self.resolve(&item, at, progress > 30).await?;
            self.act_as(who, step, commands).await?;
            if chance % 11 == 5 {
                let body = new_text(COMMENTS[at % COMMENTS.len()]);
                let comment = Command::Comment { item: id, comment: ambient::new_id(), body };
                let other = self.people.iter().filter(|person| person.role == "member" && person.id != who).nth(at % 2);
                let other = other.map_or_else(|| person(self.people, "product").map(|person| person.id), |p| Ok(p.id));
                self.act_as(other?, step / 3, vec![comment]).await?;
            }
        }
        Ok(())
    }

    /// What is done on one item: mostly ticked, with the evidence it requires; here and there not applicable.
    async fn resolve(&self, item: &Item, at: usize, with_evidence: bool) -> anyhow::Result<Vec<Command>> {
        let definition = self.launch.definition(item);
        let not_applicable = chance(item, "kind") >= 94 && definition.importance != Importance::Critical;
        if not_applicable {
            let reason = Some(new_text(NOT_APPLICABLE[at % NOT_APPLICABLE.len()]));
            return Ok(vec![mark(item, ItemState::NotApplicable, reason)]);
        }
        let mut commands = Vec::new();
        if (definition.evidence_required && with_evidence) || chance(item, "evidence") >= 90 {
            commands.push(self.evidence(item, at).await?);
        }
        commands.push(mark(item, ItemState::Done, None));
        Ok(commands)
    }

    /// A report, a link or a note.
    async fn evidence(&self, item: &Item, at: usize) -> anyhow::Result<Command> {
        let definition = self.launch.definition(item);
        let today = Day::of(self.now, self.launch.zone());
        let evidence: EvidenceId = ambient::new_id();
        let content = match at % 4 {
            0 | 1 => {
                let text = format!(
                    "{}\n\nChecked on {today} for {}.\nAll steps passed. Nothing was left open.\n",
                    definition.title,
                    self.launch.name()
                );
                let size = u64::try_from(text.len())?;
                let bytes = futures_util::stream::iter([Ok::<_, anyhow::Error>(Bytes::from(text))]);
                let stored = self.state.blobs.put(evidence, bytes, size).await?;
                NewEvidence::File {
                    name: new_text(format!("{}-{today}.txt", definition.key)),
                    sha256: stored.sha256,
                    size: stored.size,
                    media_type: "text/plain".to_owned(),
                }
            }
            2 => NewEvidence::Link(new_text(format!("https://ci.example.com/runs/{}", 4_700 + at))),
            _ => NewEvidence::Note(new_text("Checked by hand together with the person on call; it holds.")),
        };
        let valid_until = if at.is_multiple_of(9) { Some(Day(today.0.checked_add(60.days())?)) } else { None };
        Ok(Command::Attach { item: item.id, evidence, content, observed_on: Some(today), valid_until })
    }

    /// What stands in the way: something blocked, waivers asked for and approved, evidence withdrawn.
    async fn exceptions(&mut self, until: Moment) -> anyhow::Result<()> {
        self.now = until.plus_seconds(-6 * HOUR);
        let zone = self.launch.zone().clone();
        let open: Vec<(ItemId, Importance)> = self
            .launch
            .before()
            .filter(|(item, _)| item.standing.state == ItemState::Open)
            .map(|(item, definition)| (item.id, definition.importance))
            .collect();
        let mut required = open.iter().filter(|(_, importance)| *importance == Importance::Required).map(|(id, _)| *id);
        for (why, who) in [
            ("The staging cluster has no quota until Thursday.", "operations"),
            ("Waiting for the provider’s answer; the ticket is open since last week.", "tech_lead"),
        ] {
            let id = required.next().context("an open item")?;
            let item = self.item(id)?.clone();
            self.act(who, HOUR / 2, vec![mark(&item, ItemState::Blocked, Some(new_text(why)))]).await?;
        }
        let expires_on = Day(Day::of(self.now, &zone).0.checked_add(45.days())?);
        for (approved, reason, control) in [
            (
                true,
                "The second region is ordered, and comes three weeks after the launch.",
                "A warm standby in the same region, restored from backup every night.",
            ),
            (
                false,
                "The page is nice to have, and nobody has time before the launch.",
                "Support answers by mail; the template is ready.",
            ),
        ] {
            let item = required.next().context("an open item")?;
            let waiver: WaiverId = ambient::new_id();
            let (reason, control) = (new_text(reason), new_text(control));
            let asked = Command::AskWaiver { item, waiver, reason, control, expires_on };
            self.act("member", HOUR / 2, vec![asked]).await?;
            if approved {
                let role = self.launch.definition(self.item(item)?).role.clone().context("an item with a role")?;
                let approval = Command::DecideWaiver { waiver, approve: true, reason: None };
                self.act(role.as_str(), HOUR, vec![approval]).await?;
            }
        }
        self.now = until;
        Ok(())
    }

    /// Operations sign, and something of theirs changes after; security object; the tech lead signs.
    async fn signatures(&mut self, present: Moment) -> anyhow::Result<()> {
        self.sign("operations", Vote::Go, Some("Reviewed with the people on call.")).await?;
        let reopened = self
            .launch
            .before()
            .find(|(item, definition)| {
                item.standing.state == ItemState::Done
                    && definition.role.as_ref().is_some_and(|r| r.as_str() == "operations")
                    && definition.key.as_str().contains("restor")
            })
            .map(|(item, _)| item.clone());
        if let Some(item) = reopened {
            let why = new_text("The restore of last night’s dump failed; looking into it.");
            self.now = present.plus_seconds(-22 * HOUR);
            self.act("operations", 0, vec![mark(&item, ItemState::Open, Some(why))]).await?;
        }
        self.now = present.plus_seconds(-20 * HOUR);
        self.sign("security", Vote::NoGo, Some("The penetration test report is a draft; two findings are untriaged."))
            .await?;
        self.now = present.plus_seconds(-3 * HOUR);
        self.sign("tech_lead", Vote::Go, None).await?;
        self.act("product", HOUR, vec![Command::AskSignatures]).await
    }

    async fn sign(&mut self, role: &str, verdict: Vote, comment: Option<&str>) -> anyhow::Result<()> {
        let slug: RoleSlug = role.parse()?;
        let meaning = Meaning::Approval;
        let signature = NewSignature {
            id: ambient::new_id(),
            digest: digest::digest(&self.launch, &slug),
            role: slug,
            verdict,
            meaning,
            statement_version: statement::VERSION,
            statement: statement::statement(verdict, meaning).to_owned(),
            comment: comment.map(new_text),
            saw: Some(self.launch.seq),
            lifts: None,
            address: new_text("127.0.0.1"),
            user_agent: new_text("signoff demo"),
        };
        self.act(role, 5 * 60, vec![Command::Sign(Box::new(signature))]).await
    }

    fn item(&self, id: ItemId) -> anyhow::Result<&Item> {
        self.launch.item(id).ok_or_else(|| anyhow!("item {id} is not there"))
    }

    /// Who works on an item: two of three times who answers for it, else one of the members.
    fn worker(&self, item: &Item, at: usize) -> anyhow::Result<UserId> {
        let role = self.launch.definition(item).role.as_ref().map_or("member", RoleSlug::as_str);
        let members: Vec<_> = self.people.iter().filter(|person| person.role == "member").collect();
        match members.get(at % 3) {
            Some(member) if at.is_multiple_of(2) => Ok(member.id),
            _ => Ok(person(self.people, role)?.id),
        }
    }
}

fn mark(item: &Item, state: ItemState, reason: Option<crate::domain::launch::texts::NewText>) -> Command {
    Command::Mark { item: item.id, state, reason, version: item.version }
}

/// A number from 0 to 99 that an item keeps: the demo is the same story each time.
fn chance(item: &Item, of: &str) -> u8 {
    let hash = Sha256Hash::of_parts(&[
        of.as_bytes(),
        &[0],
        &item.at.0.to_be_bytes(),
        &item.at.1.to_be_bytes(),
        &item.at.2.to_be_bytes(),
    ]);
    hash.bytes()[0] % 100
}

fn person<'a>(people: &'a [DemoPerson], role: &str) -> anyhow::Result<&'a DemoPerson> {
    people.iter().find(|person| person.role == role).ok_or_else(|| anyhow!("nobody is {role}"))
}

/// Somebody who asks for a change. The demo made their accounts a moment ago, so it can vouch for them.
fn asker(user: UserId, now: Moment, proven: bool) -> Asker {
    let proof = Proof { user, method: ProofMethod::Password, at: now, credential_version: 1 };
    Asker { user, request: ambient::new_id(), now, proof: proven.then_some(proof) }
}
