//! The demo launch: three weeks of preparation, in order of time.

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
            event::{ItemState, Policy, ProofMethod, SignatureMeaning, Vote},
            state::{Item, LaunchState},
        },
        role::RoleSlug,
        statement,
        time::{Day, LocalTime, Moment, Zone},
    },
    record::execute::Requester,
    state::AppState,
    web::idempotency::new_text,
};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// How much of each part is resolved, in percent, in the checklist's order; the last part is due after the launch.
const PROGRESS: [u8; 14] = [97, 92, 90, 88, 80, 60, 65, 72, 55, 50, 62, 45, 40, 15];

/// Reasons why an item is not applicable.
const NOT_APPLICABLE: [&str; 4] = [
    "Covered by the hosting platform, which does this for every service on it.",
    "This service has no state of its own that would need it.",
    "Nothing of the kind is in this release; it comes with the next.",
    "The contract leaves this with the provider; see the annex.",
];

const COMMENTS: [&str; 6] = [
    "The staging run took 31 minutes with four jobs, so it fits the window.",
    "Could somebody else look at this as well? I wrote most of it.",
    "Done for the two main paths; the third follows on Thursday.\n\n- checkout\n- refunds",
    "The numbers are from last night’s run, see the attached report.",
    "Asked the provider; they confirmed it in writing.",
    "This was red until yesterday, `retry=3` fixed it.",
];

/// The state of the demo while it is being made: the launch, and the demo's clock.
struct DemoStory<'a> {
    state: &'a AppState,
    people: &'a [DemoPerson],
    launch: Arc<LaunchState>,
    now: Moment,
}

pub(super) async fn create_launch(state: &AppState, people: &[DemoPerson]) -> anyhow::Result<()> {
    let present = state.clock.now();
    let mut story = create_and_staff(state, people, present.plus_seconds(-20 * DAY)).await?;
    story.resolve_items(present.plus_seconds(-3 * DAY)).await?;
    story.add_exceptions(present.plus_seconds(-2 * DAY)).await?;
    story.add_signatures(present).await
}

async fn create_and_staff<'a>(
    state: &'a AppState,
    people: &'a [DemoPerson],
    now: Moment,
) -> anyhow::Result<DemoStory<'a>> {
    let version = checklists::shipped::find_published_version(&state.db, &state.record).await?;
    let version = version.context("the checklist that ships is not there")?;
    let zone: Zone = "Europe/Lisbon".parse()?;
    let day = now.to_local(&zone).date().checked_add(28.days())?;
    let target = LocalTime::parse(&format!("{day}T09:00"), zone)?;
    let owner = find_person(people, "product")?;
    let new = NewLaunch {
        id: ambient::new_id::<LaunchId>(),
        name: new_text("Payments 2.0"),
        summary: Some(new_text("Card payments move to the new ledger. Refunds and payouts follow in spring.")),
        target,
        policy: Policy::default(),
        restricted: false,
        version,
    };
    let made = state.record.create(&state.db, requester(owner.id, now, false), new).await?;
    let mut story = DemoStory { state, people, launch: made.state, now };
    let mut commands = Vec::new();
    for role in ["tech_lead", "operations", "security", "product"] {
        commands.push(Command::AddHolder { role: role.parse()?, user: find_person(people, role)?.id });
    }
    let notes = "Freeze from **Monday 18:00**; refunds stay on the old ledger until spring.\n\n\
                 - Support is staffed from 07:00 on the day\n- The rollback switch is `ledger.mode=shadow`";
    commands.push(Command::WriteNotes { notes: Some(new_text(notes)) });
    story.act("product", 10 * 60, commands).await?;
    Ok(story)
}

impl DemoStory<'_> {
    /// Executes commands as the person with this role, `later` seconds after the previous ones.
    async fn act(&mut self, who: &str, later: i64, commands: Vec<Command>) -> anyhow::Result<()> {
        let id = find_person(self.people, who)?.id;
        self.act_as(id, later, commands).await
    }

    async fn act_as(&mut self, who: UserId, later: i64, commands: Vec<Command>) -> anyhow::Result<()> {
        self.now = self.now.plus_seconds(later);
        let asker = requester(who, self.now, true);
        let done = self.state.record.execute(&self.state.db, asker, self.launch.id, commands).await?;
        self.launch = done.state;
        Ok(())
    }

    /// Resolves items one after the other, as their assignees and the two members.
    async fn resolve_items(&mut self, until: Moment) -> anyhow::Result<()> {
        let items: Vec<ItemId> = self.launch.before_items().map(|(item, _)| item.id).collect();
        let count = i64::try_from(items.len())?.max(1);
        let step = until.seconds_since(self.now) / count;
        for (at, id) in items.into_iter().enumerate() {
            let item = self.item(id)?.clone();
            let chance = stable_chance(&item, "fate");
            let progress = PROGRESS.get(item.position.0).copied().unwrap_or(0);
            let who = self.choose_worker(&item, at)?;
            if chance % 7 == 3 {
                let due = Day::from_moment(self.now.plus_seconds(18 * DAY), self.launch.zone());
                let assign = Command::Assign { item: id, assignee: Some(who), due: Some(due) };
                self.act("product", step / 4, vec![assign]).await?;
            }
            if chance >= progress {
                continue;
            }
            let commands = self.resolve_item(&item, at, progress > 30).await?;
            self.act_as(who, step, commands).await?;
            if chance % 11 == 5 {
                let body = new_text(COMMENTS[at % COMMENTS.len()]);
                let comment = Command::AddComment { item: id, comment: ambient::new_id(), body };
                let other = self.people.iter().filter(|person| person.role == "member" && person.id != who).nth(at % 2);
                let other =
                    other.map_or_else(|| find_person(self.people, "product").map(|person| person.id), |p| Ok(p.id));
                self.act_as(other?, step / 3, vec![comment]).await?;
            }
        }
        Ok(())
    }

    /// Commands for one item: mostly done, with the evidence that it requires; now and then not applicable.
    async fn resolve_item(&self, item: &Item, at: usize, with_evidence: bool) -> anyhow::Result<Vec<Command>> {
        let definition = self.launch.definition(item);
        let not_applicable = stable_chance(item, "kind") >= 94 && definition.importance != Importance::Critical;
        if not_applicable {
            let reason = Some(new_text(NOT_APPLICABLE[at % NOT_APPLICABLE.len()]));
            return Ok(vec![mark_command(item, ItemState::NotApplicable, reason)]);
        }
        let mut commands = Vec::new();
        if (definition.evidence_required && with_evidence) || stable_chance(item, "evidence") >= 90 {
            commands.push(self.create_evidence(item, at).await?);
        }
        commands.push(mark_command(item, ItemState::Done, None));
        Ok(commands)
    }

    async fn create_evidence(&self, item: &Item, at: usize) -> anyhow::Result<Command> {
        let definition = self.launch.definition(item);
        let today = Day::from_moment(self.now, self.launch.zone());
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
        Ok(Command::AttachEvidence { item: item.id, evidence, content, observed_on: Some(today), valid_until })
    }

    /// Adds exceptions: blocked items, requested and approved waivers, withdrawn evidence.
    async fn add_exceptions(&mut self, until: Moment) -> anyhow::Result<()> {
        self.now = until.plus_seconds(-6 * HOUR);
        let zone = self.launch.zone().clone();
        let open: Vec<(ItemId, Importance)> = self
            .launch
            .before_items()
            .filter(|(item, _)| item.status.state == ItemState::Open)
            .map(|(item, definition)| (item.id, definition.importance))
            .collect();
        let mut required = open.iter().filter(|(_, importance)| *importance == Importance::Required).map(|(id, _)| *id);
        for (why, who) in [
            ("The staging cluster has no quota until Thursday.", "operations"),
            ("Waiting for the provider’s answer; the ticket is open since last week.", "tech_lead"),
        ] {
            let id = required.next().context("an open item")?;
            let item = self.item(id)?.clone();
            self.act(who, HOUR / 2, vec![mark_command(&item, ItemState::Blocked, Some(new_text(why)))]).await?;
        }
        let expires_on = Day(Day::from_moment(self.now, &zone).0.checked_add(45.days())?);
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
            let ask_waiver = Command::AskWaiver { item, waiver, reason, control, expires_on };
            self.act("member", HOUR / 2, vec![ask_waiver]).await?;
            if approved {
                let role = self.launch.definition(self.item(item)?).role.clone().context("an item with a role")?;
                let approval = Command::DecideWaiver { waiver, approve: true, reason: None };
                self.act(role.as_str(), HOUR, vec![approval]).await?;
            }
        }
        self.now = until;
        Ok(())
    }

    /// Operations sign and an item in their scope changes afterwards; security objects; the tech lead signs.
    async fn add_signatures(&mut self, present: Moment) -> anyhow::Result<()> {
        self.sign("operations", Vote::Go, Some("Reviewed with the people on call.")).await?;
        let reopened = self
            .launch
            .before_items()
            .find(|(item, definition)| {
                item.status.state == ItemState::Done
                    && definition.role.as_ref().is_some_and(|r| r.as_str() == "operations")
                    && definition.key.as_str().contains("restor")
            })
            .map(|(item, _)| item.clone());
        if let Some(item) = reopened {
            let why = new_text("The restore of last night’s dump failed; looking into it.");
            self.now = present.plus_seconds(-22 * HOUR);
            self.act("operations", 0, vec![mark_command(&item, ItemState::Open, Some(why))]).await?;
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
        let meaning = SignatureMeaning::Approval;
        let signature = NewSignature {
            id: ambient::new_id(),
            digest: digest::digest(&self.launch, &slug),
            role: slug,
            verdict,
            meaning,
            statement_version: statement::BUILT_IN_VERSION,
            statement: statement::built_in_statement(verdict, meaning).to_owned(),
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

    /// Who works on an item: two times out of three the assignee's role, otherwise one of the members.
    fn choose_worker(&self, item: &Item, at: usize) -> anyhow::Result<UserId> {
        let role = self.launch.definition(item).role.as_ref().map_or("member", RoleSlug::as_str);
        let members: Vec<_> = self.people.iter().filter(|person| person.role == "member").collect();
        match members.get(at % 3) {
            Some(member) if at.is_multiple_of(2) => Ok(member.id),
            _ => Ok(find_person(self.people, role)?.id),
        }
    }
}

fn mark_command(item: &Item, state: ItemState, reason: Option<crate::domain::launch::texts::NewText>) -> Command {
    Command::Mark { item: item.id, state, reason, version: item.version }
}

/// A number from 0 to 99 that depends only on the item, so that every demo is the same.
fn stable_chance(item: &Item, of: &str) -> u8 {
    let hash = Sha256Hash::compute_from_parts(&[
        of.as_bytes(),
        &[0],
        &item.position.0.to_be_bytes(),
        &item.position.1.to_be_bytes(),
        &item.position.2.to_be_bytes(),
    ]);
    hash.to_bytes()[0] % 100
}

fn find_person<'a>(people: &'a [DemoPerson], role: &str) -> anyhow::Result<&'a DemoPerson> {
    people.iter().find(|person| person.role == role).ok_or_else(|| anyhow!("nobody is {role}"))
}

/// A person who sends commands. The demo has just created the account, so it can vouch for the person.
fn requester(user: UserId, now: Moment, proven: bool) -> Requester {
    let proof = Proof { user, method: ProofMethod::Password, at: now, credential_version: 1 };
    Requester { user, request: ambient::new_id(), now, proof: proven.then_some(proof) }
}
