//! A local mail server with the parts of RFC 5321 that the application needs; it stores the mails.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use super::{Setting, TestApp};

pub(crate) struct MailServer {
    address: SocketAddr,
    letters: Arc<Mutex<Vec<Letter>>>,
    /// How many more mails it rejects with a temporary error.
    busy: Arc<AtomicUsize>,
}

/// A received mail.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) to: String,
    /// The unchanged mail, with its headers.
    pub(crate) whole: String,
}

impl Letter {
    /// The decoded text (quoted-printable, RFC 2045).
    pub(crate) fn text(&self) -> String {
        let (heads, body) = self.whole.split_once("\r\n\r\n").unwrap();
        if !heads.to_lowercase().contains("quoted-printable") {
            return body.replace("\r\n", "\n");
        }
        let body = body.replace("=\r\n", "");
        let (mut bytes, mut rest) = (Vec::new(), body.as_bytes());
        while let Some((first, more)) = rest.split_first() {
            match (first, more.split_first_chunk::<2>()) {
                (b'=', Some((digits, after))) => {
                    bytes.extend(hex::decode(digits).unwrap());
                    rest = after;
                }
                _ => {
                    bytes.push(*first);
                    rest = more;
                }
            }
        }
        String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
    }

    /// The path of the address in the mail.
    pub(crate) fn link(&self) -> String {
        let text = self.text();
        let line = text.lines().find(|line| line.starts_with("http")).unwrap_or_else(|| panic!("no link: {text}"));
        url::Url::parse(line).unwrap().path().to_owned()
    }
}

impl TestApp {
    /// Starts the application with a mail server of its own.
    pub(crate) async fn start_with_mail() -> (Self, MailServer) {
        let server = MailServer::start().await;
        let app = Self::start_with(Setting { set: server.settings(), ..Setting::default() }).await;
        (app, server)
    }
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (letters, busy) = (Arc::<Mutex<Vec<Letter>>>::default(), Arc::<AtomicUsize>::default());
        let server = (Arc::clone(&letters), Arc::clone(&busy));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(speak(stream, Arc::clone(&server.0), Arc::clone(&server.1)));
            }
        });
        Self { address, letters, busy }
    }

    /// The settings of an application that sends its mail here.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SIGNOFF_SMTP_URL", format!("smtp://{}", self.address)),
            ("SIGNOFF_MAIL_FROM", "signoff <signoff@example.org>".to_owned()),
        ]
    }

    /// Rejects this many mails with a temporary error, like a busy server.
    pub(crate) fn reject(&self, letters: usize) {
        self.busy.store(letters, Ordering::Relaxed);
    }

    /// The mails received since the last call.
    pub(crate) fn take_letters(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.letters.lock().unwrap())
    }
}

async fn speak(stream: TcpStream, letters: Arc<Mutex<Vec<Letter>>>, busy: Arc<AtomicUsize>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut to = String::new();
    writer.write_all(b"220 mail.example.org ready\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" | "HELO" | "RSET" | "NOOP" => "250 mail.example.org",
            "MAIL" if busy.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() => {
                "451 busy; not for somebody@example.org"
            }
            "MAIL" => "250 go on",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 go on"
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.unwrap();
                let mut whole = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    whole.push_str(line.strip_prefix('.').unwrap_or(&line));
                    whole.push_str("\r\n");
                }
                letters.lock().unwrap().push(Letter { to: to.clone(), whole });
                "250 queued"
            }
            "QUIT" => "221 bye",
            _ => "500 what?",
        };
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() || verb == "QUIT" {
            return;
        }
    }
}
