//! What the columns of a table hold, by their headers.

/// What a column holds, by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CheckTableColumn {
    /// Checks, by a word such as "requirement".
    Check,
    /// Checks, or things that are only described: an item, a task, an action.
    Task,
    /// Names, which many tables without checks have too.
    Name,
    Status,
    /// A figure if there is another such column; a status or something else otherwise.
    Figure,
    Owner,
    Description,
    /// A number or a person: never a check.
    Ignored,
    Other,
}

/// What the columns hold. "Passed" alone is a status; beside "Failed" it is a figure.
pub(super) fn classify_columns(header: &[String]) -> Vec<CheckTableColumn> {
    let mut columns: Vec<CheckTableColumn> = header.iter().map(|header| classify_column(header)).collect();
    let figures = columns.iter().filter(|column| **column == CheckTableColumn::Figure).count();
    for (column, header) in columns.iter_mut().zip(header) {
        if *column == CheckTableColumn::Figure && figures == 1 {
            let passed = header_words(header).iter().any(|word| matches!(word.as_str(), "pass" | "passed"));
            *column = if passed { CheckTableColumn::Status } else { CheckTableColumn::Other };
        }
    }
    columns
}

/// Whether the headers say that the column `name` holds checks.
pub(super) fn is_check_column(columns: &[CheckTableColumn], name: usize) -> bool {
    let kind = columns.get(name).copied().unwrap_or(CheckTableColumn::Other);
    let status = columns.iter().position(|column| *column == CheckTableColumn::Status);
    let measured = columns.contains(&CheckTableColumn::Figure);
    match kind {
        CheckTableColumn::Check => !measured || status.is_some() || columns.contains(&CheckTableColumn::Owner),
        CheckTableColumn::Task => status.is_some() || columns.contains(&CheckTableColumn::Owner),
        CheckTableColumn::Name => status.is_some(),
        // In a legend the status comes first, and its meaning after it.
        _ => status.is_some_and(|status| name < status),
    }
}

/// Whether a cell consists of words of headers only.
pub(super) fn is_header_cell(cell: &str) -> bool {
    let words = header_words(cell);
    !words.is_empty() && words.iter().all(|word| classify_column(word) != CheckTableColumn::Other)
}

/// Whether the column of a header may hold checks.
pub(super) fn may_name_checks(header: &str) -> bool {
    matches!(classify_column(header), CheckTableColumn::Check | CheckTableColumn::Task)
}

/// The words of a header, in lower case.
pub(super) fn header_words(header: &str) -> Vec<String> {
    let lower = header.to_lowercase().replace("to-do", "todo").replace("to do", "todo");
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What a column holds, by the words of its header, in the languages in which checklists are most often written.
fn classify_column(header: &str) -> CheckTableColumn {
    const CHECK: &str = "check checkpoint checklist requirement control criterion criteria prüfung prüfpunkt requisito \
        comprobación vérification exigence verificação controllo проверка требование";
    const CHECK_PARTS: [&str; 5] = ["检查", "檢查", "確認", "فحص", "בדיקה"];
    const TASK: &str = "item task todo action aufgabe maßnahme punkt tarea acción tâche action tarefa ação attività azione \
        taak задача пункт действие";
    const TASK_PARTS: [&str; 11] =
        ["任务", "任務", "项目", "項目", "タスク", "作業", "항목", "작업", "مهمة", "بند", "משימה"];
    const NAME: &str = "name title step question test feature area topic was nombre nom nome titel titre название";
    const STATUS: &str = "status state done complete completed checked verified ready result progress ok \
        erledigt fertig estado hecho statut état fait stato fatto feito статус готово";
    const STATUS_PARTS: [&str; 9] = ["状态", "状況", "狀態", "ステータス", "完了", "상태", "الحالة", "סטטוס", "完成"];
    const FIGURE: &str = "pass passed fail failed total skipped blocked count target actual threshold baseline value score \
        measured goal bestanden fehlgeschlagen gesamt ziel ist soll réussis échoués";
    const DESCRIPTION: &str = "description detail guidance note comment explanation how verify verification what why \
        beschreibung descripción descrição descrizione описание";
    const OWNER: &str = "owner responsible assignee verantwortlich responsable responsabile ответственный";
    const OWNER_PARTS: [&str; 5] = ["负责人", "負責人", "担当", "담당", "المسؤول"];
    const IGNORED: &str = "no nr id ref number role who team contact approver reviewer author person date due version \
        revision priority severity";

    let words = header_words(header);
    let lower = header.to_lowercase();
    let has_word_of = |list: &str| {
        list.split_whitespace()
            .any(|known| words.iter().any(|word| word == known || word.strip_suffix('s') == Some(known)))
    };
    let contains_any = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    let has_any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    // "Pass/Fail" in one column is a status; "Passed" and "Failed" in two columns are figures.
    let is_pass_or_fail = has_any(&["pass", "passed"]) && has_any(&["fail", "failed"]);
    let expects = has_any(&["expected", "erwartet", "attendu", "esperado"]);
    if is_pass_or_fail || ((has_word_of(STATUS) || contains_any(&STATUS_PARTS)) && !expects && !has_word_of(FIGURE)) {
        CheckTableColumn::Status
    } else if has_word_of(CHECK) || contains_any(&CHECK_PARTS) {
        CheckTableColumn::Check
    } else if has_word_of(FIGURE) {
        CheckTableColumn::Figure
    } else if has_word_of(TASK) || contains_any(&TASK_PARTS) {
        CheckTableColumn::Task
    } else if has_word_of(DESCRIPTION) {
        CheckTableColumn::Description
    } else if has_word_of(OWNER) || contains_any(&OWNER_PARTS) {
        CheckTableColumn::Owner
    } else if has_word_of(IGNORED) || lower == "#" || lower == "№" {
        CheckTableColumn::Ignored
    } else if has_word_of(NAME) {
        CheckTableColumn::Name
    } else {
        CheckTableColumn::Other
    }
}
