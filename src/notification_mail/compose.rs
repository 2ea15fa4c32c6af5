//! What a mail says: first what the person is asked to do, then what they may want to know, by launch.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    sync::Arc,
};

use askama::Template;
use uuid::Uuid;

use crate::{
    access::account::Account,
    config::PublicUrl,
    domain::{ids::LaunchId, launch::state::LaunchState, notification::StoredNotification},
    mail::{Mail, ThreadHeaders},
    presentation::notifications::describe_notification,
    texts::{self, Language},
};

/// How many notifications a mail lists; it says how many more there are.
const MAX_LISTED: usize = 50;

/// Maximum number of characters of a subject.
const MAX_SUBJECT_CHARS: usize = 160;

/// What a mail is composed from, besides its notifications.
pub(super) struct MailContext<'a> {
    pub(super) id: Uuid,
    pub(super) site: &'a PublicUrl,
    pub(super) account: &'a Account,
    pub(super) launches: &'a HashMap<LaunchId, Arc<LaunchState>>,
    /// The address of the person's settings.
    pub(super) settings: String,
    /// The address at which one click ends mails of this kind.
    pub(super) unsubscribe: String,
}

/// A notification as the mail lists it.
struct MailLine {
    must_act: bool,
    sentence: String,
    hint: String,
    /// A whole address.
    link: String,
}

/// The lines under one heading.
struct MailSection {
    title: String,
    lines: Vec<MailLine>,
}

#[derive(Template)]
#[template(path = "notification_mail/mail.html")]
struct MailHtml<'a> {
    subject: &'a str,
    greeting: String,
    sections: &'a [MailSection],
    /// How many notifications are not listed.
    more: usize,
    inbox: &'a str,
    settings: &'a str,
    unsubscribe: &'a str,
    host: &'a str,
    language: &'static str,
}

/// Composes the mail of these notifications, of which there is at least one, in the current language.
pub(super) fn compose(context: &MailContext<'_>, due: &[StoredNotification]) -> anyhow::Result<Mail> {
    let lines: Vec<MailLine> = due.iter().take(MAX_LISTED).filter_map(|due| to_line(context, due)).collect();
    anyhow::ensure!(!lines.is_empty(), "no launch of a notification can be read");
    let ids: HashSet<LaunchId> = due.iter().map(|due| due.launch).collect();
    let only_launch = due.first().filter(|_| ids.len() == 1).and_then(|due| context.launches.get(&due.launch));
    let subject = match (only_launch, &lines[..]) {
        (Some(launch), [line]) if due.len() == 1 => texts::notification_mail_about(launch.name(), &line.sentence),
        (Some(launch), _) => texts::notification_mail_of_launch(due.len(), launch.name()),
        (None, _) => texts::notification_mail_of_launches(due.len(), ids.len()),
    };
    let subject = to_subject(&subject);
    let more = due.len() - lines.len();
    let (to_do, to_know): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.must_act);
    let sections: Vec<MailSection> =
        [(texts::notification_mail_to_do(), to_do), (texts::notification_mail_to_know(), to_know)]
            .into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .map(|(title, lines)| MailSection { title: title.into_owned(), lines })
            .collect();
    let inbox = context.site.with_path("/notifications");
    let html = MailHtml {
        subject: &subject,
        greeting: texts::mail_greeting(&context.account.name).into_owned(),
        sections: &sections,
        more,
        inbox: &inbox,
        settings: &context.settings,
        unsubscribe: &context.unsubscribe,
        host: context.site.host(),
        language: Language::current().tag(),
    };
    let (text, html) = (to_plain_text(&html), html.render()?);
    let host = context.site.host();
    Ok(Mail {
        to: context.account.email.clone(),
        subject,
        text,
        html: Some(html),
        thread: Some(ThreadHeaders {
            message_id: format!("<notification.{}@{host}>", context.id),
            thread_id: only_launch.map(|launch| format!("<launch.{}@{host}>", launch.id)),
            unsubscribe: context.unsubscribe.clone(),
        }),
    })
}

fn to_line(context: &MailContext<'_>, due: &StoredNotification) -> Option<MailLine> {
    let launch = context.launches.get(&due.launch)?;
    let text = describe_notification(due, launch);
    let place = Some(text.place).filter(|place| !place.is_empty());
    Some(MailLine {
        must_act: due.must_act,
        sentence: text.sentence.into_owned(),
        hint: place.map_or_else(|| launch.name().to_owned(), |place| format!("{} · {place}", launch.name())),
        link: context.site.with_path(&text.href),
    })
}

/// A subject is one line, and no longer than a list of mails shows.
fn to_subject(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(MAX_SUBJECT_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn to_plain_text(mail: &MailHtml<'_>) -> String {
    let mut text = format!("{}\n", mail.greeting);
    for section in mail.sections {
        let _ = write!(text, "\n{}\n", section.title);
        for line in &section.lines {
            let _ = write!(text, "\n- {}\n  {}\n  {}\n", line.sentence, line.hint, line.link);
        }
    }
    if mail.more > 0 {
        let _ = write!(text, "\n{}\n{}\n", texts::notification_mail_more(mail.more), mail.inbox);
    }
    let _ = write!(
        text,
        "\n{}\n{}\n\n{}\n{}\n\n{}\n",
        texts::notification_mail_settings(),
        mail.settings,
        texts::notification_mail_unsubscribe(),
        mail.unsubscribe,
        texts::mail_signature(mail.host),
    );
    text
}
