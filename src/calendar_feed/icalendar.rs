//! Writes iCalendar (RFC 5545). Moments are written in UTC, so that no rule of a zone can be wrong where the file is
//! read; days are dates without a zone.

use crate::domain::{
    canonical::Sha256Hash,
    time::{Day, Moment},
};

/// The most octets of a line, without its end (RFC 5545, 3.1).
const MAX_LINE: usize = 75;

/// A calendar file in the making.
pub(super) struct Calendar {
    text: String,
    has_events: bool,
}

/// An event of a calendar.
pub(super) struct CalendarEvent<'a> {
    /// What stays the same when the event moves.
    pub(super) uid: String,
    /// How often the event may have changed: it only rises.
    pub(super) sequence: i64,
    pub(super) changed_at: Moment,
    pub(super) when: EventTime,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) url: &'a str,
    /// Whether it is settled that it happens then.
    pub(super) is_confirmed: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum EventTime {
    At(Moment),
    /// The whole day, in whatever zone it is read.
    On(Day),
}

impl Calendar {
    pub(super) fn new(name: &str) -> Self {
        let mut calendar = Self { text: String::new(), has_events: false };
        calendar.add_line("BEGIN:VCALENDAR");
        calendar.add_line("VERSION:2.0");
        calendar.add_line(concat!("PRODID:-//signoff//signoff ", env!("CARGO_PKG_VERSION"), "//EN"));
        calendar.add_line("CALSCALE:GREGORIAN");
        calendar.add_line("METHOD:PUBLISH");
        // RFC 7986, and the older names that most programs read.
        calendar.add_text("NAME", name);
        calendar.add_text("X-WR-CALNAME", name);
        calendar.add_line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
        calendar.add_line("X-PUBLISHED-TTL:PT1H");
        calendar
    }

    pub(super) fn add(&mut self, event: &CalendarEvent<'_>) {
        self.has_events = true;
        self.add_line("BEGIN:VEVENT");
        self.add_text("UID", &event.uid);
        self.add_line(&format!("DTSTAMP:{}", format_utc(event.changed_at)));
        self.add_line(&format!("LAST-MODIFIED:{}", format_utc(event.changed_at)));
        self.add_line(&format!("SEQUENCE:{}", event.sequence));
        match event.when {
            EventTime::At(at) => self.add_line(&format!("DTSTART:{}", format_utc(at))),
            EventTime::On(Day(day)) => {
                self.add_line(&format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
                if let Ok(next) = day.tomorrow() {
                    self.add_line(&format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")));
                }
            }
        }
        self.add_text("SUMMARY", event.title);
        if !event.description.is_empty() {
            self.add_text("DESCRIPTION", event.description);
        }
        self.add_line(&format!("URL:{}", event.url));
        self.add_line(if event.is_confirmed { "STATUS:CONFIRMED" } else { "STATUS:TENTATIVE" });
        // It takes nobody's time.
        self.add_line("TRANSP:TRANSPARENT");
        self.add_line("END:VEVENT");
    }

    /// The file, and the hash of its bytes.
    pub(super) fn finish(mut self) -> (String, Sha256Hash) {
        if !self.has_events {
            // A calendar has at least one component (RFC 5545, 3.6).
            for line in ["BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"] {
                self.add_line(line);
            }
            for line in ["TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"] {
                self.add_line(line);
            }
        }
        self.add_line("END:VCALENDAR");
        let hash = Sha256Hash::compute(self.text.as_bytes());
        (self.text, hash)
    }

    fn add_text(&mut self, name: &str, value: &str) {
        self.add_line(&format!("{name}:{}", escape(value)));
    }

    /// Adds a line, folded between characters where it is longer than a line may be.
    fn add_line(&mut self, line: &str) {
        let mut used = 0;
        for character in line.chars() {
            if used + character.len_utf8() > MAX_LINE {
                self.text.push_str("\r\n ");
                used = 1;
            }
            self.text.push(character);
            used += character.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// A text as a value (RFC 5545, 3.3.11). Control characters have no form there and are left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

fn format_utc(at: Moment) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters_and_unfold_to_what_they_were() {
        let title = "Grüße; ein, sehr langer\\Titel\nmit 日本語の文字 und \u{1f680} ".repeat(9);
        let mut calendar = Calendar::new("x");
        calendar.add_text("SUMMARY", &title);
        let (text, _) = calendar.finish();
        assert!(text.split("\r\n").all(|line| line.len() <= MAX_LINE), "{text}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        let unfolded = text.replace("\r\n ", "");
        let line = unfolded.split("\r\n").find_map(|line| line.strip_prefix("SUMMARY:")).unwrap();
        assert_eq!(line, title.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n"));
    }

    #[test]
    fn text_that_tries_to_be_a_property_stays_a_text() {
        let mut calendar = Calendar::new("x");
        calendar.add_text("SUMMARY", "a\r\nEND:VEVENT\r\nATTACH:http://evil.example\u{0}\u{7f}");
        let (text, _) = calendar.finish();
        assert!(text.contains("\r\nSUMMARY:a\\nEND:VEVENT\\nATTACH:http://evil.example\r\n"), "{text}");
    }
}
