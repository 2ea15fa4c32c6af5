//! GET: the file itself.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    icalendar::{Calendar, CalendarEvent, EventTime},
    store,
};
use crate::{
    access::{
        account::Account,
        rate_limit::{self, Bucket},
        store::find_account,
        token::Token,
    },
    domain::{
        canonical::Sha256Hash,
        checklist::Phase,
        launch::{
            access::{Act, Actor, check_access},
            calendar_dates::{CalendarDate, collect_calendar_dates},
            state::{LaunchState, StageName},
        },
        role::InstallationRole,
        time::Moment,
    },
    state::AppState,
    texts::{self, Language},
    web::{
        Error, blocking::run_blocking, client_address::ClientAddress, form::Path, time::format_local_time_with_weekday,
    },
};

/// Maximum number of launches in a feed.
const MAX_LAUNCHES: i64 = 300;

/// `GET /calendars/{token}`, where the token may end in `.ics`.
pub(super) async fn send_calendar(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    let Some(account) = find_reader(&state, &token).await? else {
        rate_limit::charge_with_fallback(&state.redis, &Bucket::one_time_address(from), now).await?;
        return Err(Error::NotFound);
    };
    rate_limit::charge_with_fallback(&state.redis, &Bucket::calendar_feed(account.id), now).await?;
    let reads_all =
        [InstallationRole::Admin, InstallationRole::Auditor].into_iter().any(|role| account.roles.contains(role));
    let ids = store::find_launches(&state.db, account.id, reads_all, now, MAX_LAUNCHES).await?;
    let launches = state.record.load_many(&state.db, &ids).await?;
    let site = state.config.public_url.clone();
    let language = account.language.unwrap_or_else(Language::current);
    let (text, hash) = run_blocking(move || {
        language.sync_scope(|| {
            let mut calendar = Calendar::new(&texts::calendar_feed_name(site.host()));
            let mut launches: Vec<_> = launches.into_values().collect();
            // The same dates are the same bytes.
            launches.sort_by_key(|launch| launch.id);
            for launch in &launches {
                add_launch(&mut calendar, &site, launch, &account, now);
            }
            calendar.finish()
        })
    })
    .await?;
    Ok(answer(&headers, text, hash))
}

/// The person whose address has this token, if they may sign in now.
async fn find_reader(state: &AppState, token: &str) -> Result<Option<Account>, Error> {
    let Some(token) = Token::parse(token.strip_suffix(".ics").unwrap_or(token)) else { return Ok(None) };
    let Some(user) = store::find_reader(&state.db, token.hash()).await? else { return Ok(None) };
    let account = find_account(&mut *state.db.acquire().await?, user).await?;
    Ok(account.filter(|account| account.active && !account.owes_second_factor))
}

fn add_launch(
    calendar: &mut Calendar,
    site: &crate::config::PublicUrl,
    launch: &LaunchState,
    account: &Account,
    now: Moment,
) {
    let reader = Actor { id: account.id, roles: account.roles.clone(), active: account.active };
    if check_access(launch, &reader, &Act::View).is_err() {
        return;
    }
    let (host, name) = (site.host(), launch.name());
    let page = format!("/launches/{}", launch.id);
    let stage = launch.stage.name();
    for date in collect_calendar_dates(launch, account.id, now) {
        let (uid, when, title, description, path) = match date {
            CalendarDate::Target { at } => {
                let local = format_local_time_with_weekday(&launch.details.target);
                let description = texts::calendar_target_description(local, stage.label());
                (
                    format!("target-{}", launch.id),
                    EventTime::At(at),
                    texts::calendar_target(name),
                    description,
                    page.clone(),
                )
            }
            CalendarDate::ItemDue { item, day } => {
                let title = texts::calendar_item_due(launch.definition(item).title.as_str());
                let description = texts::calendar_item_description(name);
                (format!("due-{}", item.id), EventTime::On(day), title, description, format!("/items/{}", item.id))
            }
            CalendarDate::WindowEnd { window, at, unresolved } => {
                let label = Phase::After(window).after_label().unwrap_or_default();
                let description = texts::calendar_window_description(unresolved, label);
                let uid = format!("window-{}-{}", window.slug(), launch.id);
                (uid, EventTime::At(at), texts::calendar_window_end(name), description, page.clone())
            }
        };
        calendar.add(&CalendarEvent {
            uid: format!("{uid}@{host}"),
            sequence: launch.seq,
            changed_at: launch.last_at,
            when,
            title: &title,
            description: &description,
            url: &site.with_path(&path),
            is_confirmed: stage != StageName::Preparing && stage != StageName::Held,
        });
    }
}

/// The file, or 304 where the reader has it already.
fn answer(request: &HeaderMap, text: String, hash: Sha256Hash) -> Response {
    // Weak, because the bytes that are sent may be compressed.
    let tag = format!("W/\"{hash}\"");
    let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag.trim_start_matches("W/"));
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { (StatusCode::OK, text).into_response() };
    let headers = response.headers_mut();
    if !is_known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
        let name = HeaderValue::from_static("inline; filename=\"launches.ics\"");
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
