//! The form of a request, for answers that are made without its handler or after it failed: what was typed comes back with
//! them, to be copied or sent again.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream},
    extract::{FromRequest as _, Request},
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::{HeaderValue, Method, header};

use super::{
    error::Error,
    form::{Form, MultipartForm, UnreadForm},
    route::SIGNED_IN_FORM_BYTES,
};

/// How many bytes of a form are kept while its handler reads them. The handler of a longer form shows it itself.
const MAX_RECORDED_BYTES: u64 = SIGNED_IN_FORM_BYTES;

/// The names of fields that contain text which somebody typed.
const TYPED_FIELDS: [&str; 19] = [
    "body",
    "checkpoint",
    "comment",
    "control",
    "guidance",
    "introduction",
    "markdown",
    "name",
    "note",
    "notes",
    "own_signers",
    "people",
    "purpose",
    "reason",
    "summary",
    "tags",
    "text",
    "title",
    "url",
];

/// A form as it was sent, without passwords and codes.
#[derive(Debug, Default)]
pub struct FormCopy {
    pub fields: Vec<(String, String)>,
    /// The names of the chosen files, by field. Their content is not kept.
    pub files: Vec<FormFiles>,
    /// Whether it is a form with files, which may have none.
    pub has_parts: bool,
}

#[derive(Debug)]
pub struct FormFiles {
    pub field: String,
    /// The files' names, separated by commas.
    pub names: String,
}

impl FormCopy {
    /// Reads the form of a request for at most `time`; `None` if it is no form or arrives damaged. Of a form with files,
    /// that is what arrived in that time.
    pub async fn read(request: Request, time: Duration) -> Option<Self> {
        if is_multipart(request.headers().get(header::CONTENT_TYPE)?) {
            let mut copy = Self { has_parts: true, ..Self::default() };
            let read = async {
                let Ok(unread) = UnreadForm::from_request(request, &()).await;
                copy.add_parts(unread.read_multipart(u64::MAX).await?).await
            };
            let _: Result<Result<(), Error>, _> = tokio::time::timeout(time, read).await;
            return Some(copy);
        }
        let read = Form::<Vec<(String, String)>>::from_request(request, &());
        let Form(fields) = tokio::time::timeout(time, read).await.ok()?.ok()?;
        Some(Self { fields: fields.into_iter().filter(|(name, _)| !is_secret(name)).collect(), ..Self::default() })
    }

    async fn add_parts(&mut self, mut parts: MultipartForm) -> Result<(), Error> {
        let mut left = SIGNED_IN_FORM_BYTES;
        while let Some(mut part) = parts.next_field().await? {
            let field = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let mut bytes = Vec::new();
            while let Some(piece) = part.chunk().await? {
                if file.is_none() {
                    left = left.checked_sub(piece.len() as u64).ok_or(Error::FormTooLarge { limit: left })?;
                    bytes.extend_from_slice(&piece);
                }
            }
            match file {
                Some(name) => self.add_file(field, &name),
                None if is_secret(&field) => {}
                None => self.fields.push((field, String::from_utf8_lossy(&bytes).into_owned())),
            }
        }
        Ok(())
    }

    /// Adds a file. A browser sends a field without a file as one without a name.
    fn add_file(&mut self, field: String, name: &str) {
        match self.files.iter_mut().find(|files| files.field == field) {
            _ if name.is_empty() => {}
            Some(files) => files.names = format!("{}, {name}", files.names),
            None => self.files.push(FormFiles { field, names: name.to_owned() }),
        }
    }

    /// The texts that somebody typed.
    #[must_use]
    pub fn into_typed_texts(self) -> Vec<String> {
        let typed = self.fields.into_iter().filter(|(name, value)| is_typed(name, value));
        typed.map(|(_, value)| value).collect()
    }
}

/// Whether a field has text that somebody typed, which a page shows; the others are only sent along.
#[must_use]
pub fn is_typed(name: &str, value: &str) -> bool {
    !value.trim().is_empty() && (TYPED_FIELDS.contains(&name) || is_statement(name))
}

/// Whether the field is a statement that is signed with a vote (`no_go_review`).
fn is_statement(name: &str) -> bool {
    let meaning = name.strip_prefix("no_go_").or_else(|| name.strip_prefix("go_"));
    matches!(meaning, Some("approval" | "review" | "responsibility"))
}

fn is_secret(name: &str) -> bool {
    name.contains("password") || name == "code"
}

fn is_multipart(kind: &HeaderValue) -> bool {
    kind.as_bytes().to_ascii_lowercase().starts_with(b"multipart/form-data")
}

/// The body of a form that a request carries to its handler, of which an error page reads what the handler has read, and
/// the rest.
#[derive(Debug, Clone)]
pub struct SentForm {
    kind: HeaderValue,
    body: Arc<Mutex<RecordedBody>>,
}

impl SentForm {
    /// Takes part in the body of a request with a form.
    #[must_use]
    pub fn share(request: Request) -> (Request, Option<Self>) {
        let kind = request.headers().get(header::CONTENT_TYPE).filter(|_| request.method() == Method::POST);
        let is_form =
            |kind: &&HeaderValue| is_multipart(kind) || kind.as_bytes().starts_with(b"application/x-www-form");
        let Some(kind) = kind.filter(is_form).cloned() else { return (request, None) };
        let (head, body) = request.into_parts();
        let body = Arc::new(Mutex::new(RecordedBody {
            rest: body.into_data_stream(),
            ended: false,
            read: Some(Vec::new()),
            bytes: 0,
            taken: false,
        }));
        let for_handler = Body::from_stream(SharedBody { body: Arc::clone(&body), for_handler: true });
        (Request::from_parts(head, for_handler), Some(Self { kind, body }))
    }

    /// Reads the whole form, for at most `time`. Whoever else still reads it gets an error from now on, and never a form
    /// in which something is missing.
    pub async fn read(self, time: Duration) -> Option<FormCopy> {
        let read = {
            let mut body = lock(&self.body);
            body.taken = true;
            body.read.take()?
        };
        let rest = SharedBody { body: self.body, for_handler: false };
        let whole = stream::iter(read.into_iter().map(Ok)).chain(rest);
        let mut request = Request::new(Body::from_stream(whole));
        *request.method_mut() = Method::POST;
        request.headers_mut().insert(header::CONTENT_TYPE, self.kind);
        FormCopy::read(request, time).await
    }
}

#[derive(Debug)]
struct RecordedBody {
    rest: BodyDataStream,
    ended: bool,
    /// What the handler has read; `None` once that is too much, or taken.
    read: Option<Vec<Bytes>>,
    bytes: u64,
    /// Whether the handler may no longer read it.
    taken: bool,
}

fn lock(body: &Mutex<RecordedBody>) -> MutexGuard<'_, RecordedBody> {
    body.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
struct SharedBody {
    body: Arc<Mutex<RecordedBody>>,
    for_handler: bool,
}

impl Stream for SharedBody {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = lock(&self.body);
        if self.for_handler && body.taken {
            return Poll::Ready(Some(Err(axum::Error::new("the request was answered before its form was read"))));
        }
        if body.ended {
            return Poll::Ready(None);
        }
        let piece = ready!(Pin::new(&mut body.rest).poll_next(cx));
        body.ended = !matches!(piece, Some(Ok(_)));
        if let (Some(Ok(piece)), true) = (&piece, self.for_handler) {
            body.bytes += piece.len() as u64;
            if body.bytes > MAX_RECORDED_BYTES {
                body.read = None;
            }
            if let Some(read) = &mut body.read {
                read.push(piece.clone());
            }
        }
        Poll::Ready(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Duration = Duration::from_secs(10);

    fn post(kind: &'static str, body: String) -> Request {
        let request = Request::builder().method(Method::POST).header(header::CONTENT_TYPE, kind);
        request.body(Body::from(body)).unwrap()
    }

    async fn read_all(request: Request) -> usize {
        let mut body = request.into_body().into_data_stream();
        let mut bytes = 0;
        while let Some(Ok(piece)) = body.next().await {
            bytes += piece.len();
        }
        bytes
    }

    #[tokio::test]
    async fn form_is_returned_whether_or_not_its_handler_has_read_it() {
        let fields = "reason=Not+now&password=secret&code=123456&new_password=x&version=3";
        let parts = "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.log\"\r\n\r\nbytes\r\n\
                     --b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"b.log\"\r\n\r\n\r\n\
                     --b\r\nContent-Disposition: form-data; name=\"more\"; filename=\"\"\r\n\r\n\r\n\
                     --b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nSeen\r\n\
                     --b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nsecret\r\n--b--\r\n";
        for is_read in [false, true] {
            let (request, sent) = SentForm::share(post("application/x-www-form-urlencoded", fields.to_owned()));
            assert!(!is_read || read_all(request).await == fields.len());
            let copy = sent.unwrap().read(TIME).await.unwrap();
            let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            assert_eq!(copy.fields, [field("reason", "Not now"), field("version", "3")], "{is_read}");
            assert_eq!(copy.into_typed_texts(), ["Not now"]);

            let (request, sent) = SentForm::share(post("multipart/form-data; boundary=b", parts.to_owned()));
            assert!(!is_read || read_all(request).await == parts.len());
            let copy = sent.unwrap().read(TIME).await.unwrap();
            let names: Vec<_> = copy.files.iter().map(|files| (&*files.field, &*files.names)).collect();
            assert_eq!(names, [("files", "a.log, b.log")], "{is_read}");
            assert_eq!(copy.fields, [field("text", "Seen")], "{is_read}");
        }
        assert!(SentForm::share(post("application/json", String::new())).1.is_none());
    }

    #[tokio::test]
    async fn form_that_was_returned_can_not_be_read_in_part_by_its_handler() {
        let pieces = ["reason=Not", "+now"].map(|piece| Ok::<_, axum::Error>(Bytes::from(piece)));
        let (head, _) = post("application/x-www-form-urlencoded", String::new()).into_parts();
        let request = Request::from_parts(head, Body::from_stream(stream::iter(pieces)));
        let (request, sent) = SentForm::share(request);
        let mut handler = request.into_body().into_data_stream();
        assert_eq!(handler.next().await.unwrap().unwrap(), "reason=Not");
        assert_eq!(sent.unwrap().read(TIME).await.unwrap().into_typed_texts(), ["Not now"]);
        assert!(handler.next().await.unwrap().is_err());
    }

    #[tokio::test]
    async fn form_that_is_too_long_to_be_kept_is_not_returned_in_part() {
        let long = format!("reason={}", "x".repeat(SIGNED_IN_FORM_BYTES as usize));
        let (request, sent) = SentForm::share(post("application/x-www-form-urlencoded", long));
        read_all(request).await;
        assert!(sent.unwrap().read(TIME).await.is_none());
    }
}
