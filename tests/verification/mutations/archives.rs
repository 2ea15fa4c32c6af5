//! Archives with altered structure.

use super::{
    super::zip_parts::{Member, Parts, deflate, set, u32_at},
    *,
};

/// The fields of a local header: offset and length.
const LOCAL: [(usize, usize); 11] =
    [(0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)];
/// The fields of a central directory record.
const CENTRAL: [(usize, usize); 17] = [
    (0, 4),
    (4, 2),
    (6, 2),
    (8, 2),
    (10, 2),
    (12, 2),
    (14, 2),
    (16, 4),
    (20, 4),
    (24, 4),
    (28, 2),
    (30, 2),
    (32, 2),
    (34, 2),
    (36, 2),
    (38, 4),
    (42, 4),
];
/// The fields of a data descriptor.
const DESCRIPTOR: [(usize, usize); 4] = [(0, 4), (4, 4), (8, 4), (12, 4)];
/// The fields of the end record.
const END: [(usize, usize); 8] = [(0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)];

type Alteration = fn(&mut Parts, &mut Dice);

/// Alterations after which the rest of the archive is recomputed.
const STRUCTURAL: [(&str, Alteration); 15] = [
    ("extra field", extra),
    ("comment", comment),
    ("gap", gap),
    ("order", order),
    ("duplicate", duplicate),
    ("missing", missing),
    ("unknown entry", unknown),
    ("name", name),
    ("stored or deflated", method),
    ("two contents", two_contents),
    ("descriptor", descriptor),
    ("flags", flags),
    ("attributes", attributes),
    ("zip64", zip64),
    ("packed anew", recompress),
];

/// Alterations applied after that, which leave the archive inconsistent.
const RAW: [(&str, Alteration); 6] = [
    ("local field", |parts, dice| {
        let at = dice.below(parts.members.len());
        field(&mut parts.members[at].local, &LOCAL, dice);
    }),
    ("directory field", |parts, dice| {
        let at = dice.below(parts.members.len());
        field(&mut parts.members[at].central, &CENTRAL, dice);
    }),
    ("descriptor field", |parts, dice| {
        let at = dice.below(parts.members.len());
        field(&mut parts.members[at].descriptor, &DESCRIPTOR, dice);
    }),
    ("end field", |parts, dice| field(&mut parts.end, &END, dice)),
    ("sizes", sizes),
    ("time", time),
];

/// Alters one field: by a small number, by a bit, or to something else.
fn field(bytes: &mut [u8], fields: &[(usize, usize)], dice: &mut Dice) {
    let (at, length) = dice.of(fields);
    let Some(field) = bytes.get_mut(at..at + length) else { return };
    let mut number = [0; 8];
    number[..length].copy_from_slice(field);
    let number = u64::from_le_bytes(number);
    let altered = match dice.below(6) {
        0 => number.wrapping_add(1),
        1 => number.wrapping_sub(1),
        2 => number.wrapping_add(dice.of(&[50, 4, 8, 12, 16, 20, 24])),
        3 => number ^ (1 << dice.below(8 * length)),
        4 => u64::MAX,
        _ => dice.next(),
    };
    field.copy_from_slice(&altered.to_le_bytes()[..length]);
}

/// One of the entries that are complete.
fn any<'a>(parts: &'a mut Parts, dice: &mut Dice) -> Option<&'a mut Member> {
    let mut whole: Vec<_> =
        parts.members.iter_mut().filter(|it| !it.central.is_empty() && !it.local.is_empty()).collect();
    if whole.is_empty() { None } else { Some(whole.swap_remove(dice.below(whole.len()))) }
}

fn crc(bytes: &[u8]) -> [u8; 4] {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum().to_le_bytes()
}

/// The name of some entry, or another that readers might take for one.
fn some_name(parts: &Parts, dice: &mut Dice) -> Vec<u8> {
    let known = parts.members[dice.below(parts.members.len())].name.clone();
    let text = String::from_utf8_lossy(&known).into_owned();
    match dice.below(12) {
        0 => b"evil.sh".to_vec(),
        1 => format!("../{text}").into_bytes(),
        2 => format!("/{text}").into_bytes(),
        3 => format!("./{text}").into_bytes(),
        4 => format!("{text}/").into_bytes(),
        5 => format!("{text}\0.html").into_bytes(),
        6 => text.to_uppercase().into_bytes(),
        7 => text.replace('/', "\\").into_bytes(),
        8 => [text.as_bytes(), b"\xff"].concat(),
        9 => format!("evidence/{}", hex::encode(dice.bytes(32))).into_bytes(),
        _ => known,
    }
}

fn extra(parts: &mut Parts, dice: &mut Dice) {
    let other = some_name(parts, dice);
    let Some(it) = any(parts, dice) else { return };
    let sizes = [it.central[24..28].to_vec(), vec![0; 4], it.central[20..24].to_vec(), vec![0; 4]].concat();
    let own = [&[1][..], &crc(&it.name), &other].concat();
    let content = match dice.below(10) {
        0..4 => (0x7075_u16, own),
        4 => (0x6375, own),
        5 => (0x5455, [&[1][..], &dice.bytes(4)].concat()),
        6 => (1, sizes),
        7 => (1, dice.bytes(24)),
        8 => (dice.of(&[0x000a, 0x7875, 0x9901, 0xcafe, 0xa11e, 0x5855]), dice.bytes(11)),
        _ => (0, Vec::new()),
    };
    let length = u16::try_from(content.1.len()).unwrap();
    let field = [&content.0.to_le_bytes()[..], &length.to_le_bytes(), &content.1].concat();
    match dice.below(3) {
        0 => it.extra = field,
        1 => it.central_extra = field,
        _ => (it.extra, it.central_extra) = (field.clone(), field),
    }
}

fn comment(parts: &mut Parts, dice: &mut Dice) {
    let length = dice.of(&[1, 22, 300]);
    let text = dice.bytes(length);
    if dice.below(2) == 0 {
        if let Some(it) = any(parts, dice) {
            it.comment = text;
        }
    } else {
        set(&mut parts.end, 20, u16::try_from(text.len()).unwrap().to_le_bytes());
        parts.after = text;
    }
}

fn gap(parts: &mut Parts, dice: &mut Dice) {
    let length = dice.of(&[1, 4, 12, 16, 20, 24, 100]);
    let bytes = match dice.below(5) {
        0 => vec![0; length],
        1 => parts.members[0].descriptor.clone(),
        // Another entry, and another end record, which some readers may find first.
        2 => {
            let it = &parts.members[dice.below(parts.members.len())];
            [&it.local[..], &it.name, &it.packed, &it.descriptor].concat()
        }
        3 => parts.end.clone(),
        _ => dice.bytes(length),
    };
    match dice.below(4) {
        0 => parts.before = bytes,
        1 => {
            if let Some(it) = any(parts, dice) {
                it.gap = bytes;
            }
        }
        2 => parts.behind_directory = bytes,
        _ => parts.after = bytes,
    }
}

fn order(parts: &mut Parts, dice: &mut Dice) {
    let (one, other) = (dice.below(parts.members.len()), dice.below(parts.members.len()));
    match dice.below(3) {
        0 => parts.members.swap(one, other),
        // The directory records of two entries, exchanged.
        1 => {
            let (a, b) = (parts.members[one].clone(), parts.members[other].clone());
            (parts.members[one].central, parts.members[one].central_name) = (b.central, b.central_name);
            (parts.members[other].central, parts.members[other].central_name) = (a.central, a.central_name);
        }
        // The contents of two entries, exchanged.
        _ => {
            let (a, b) = (parts.members[one].clone(), parts.members[other].clone());
            (parts.members[one].packed, parts.members[one].descriptor) = (b.packed, b.descriptor);
            (parts.members[other].packed, parts.members[other].descriptor) = (a.packed, a.descriptor);
        }
    }
}

fn duplicate(parts: &mut Parts, dice: &mut Dice) {
    let (at, to) = (dice.below(parts.members.len()), dice.below(parts.members.len() + 1));
    let mut again = parts.members[at].clone();
    match dice.below(4) {
        0 => {}
        1 => again.pack(b"forged"),
        // In the entries alone, or in the directory alone.
        2 => (again.central, again.central_name) = (Vec::new(), Vec::new()),
        _ => {
            (again.local, again.name) = (Vec::new(), Vec::new());
            (again.packed, again.descriptor) = (Vec::new(), Vec::new());
        }
    }
    parts.members.insert(to, again);
}

fn missing(parts: &mut Parts, dice: &mut Dice) {
    let at = dice.below(parts.members.len());
    if dice.below(2) == 0 && parts.members.len() > 1 {
        parts.members.remove(at);
    } else {
        let it = &mut parts.members[at];
        (it.central, it.central_name) = (Vec::new(), Vec::new());
    }
}

fn unknown(parts: &mut Parts, dice: &mut Dice) {
    let name = String::from_utf8_lossy(&some_name(parts, dice)).into_owned();
    let at = dice.below(parts.members.len() + 1);
    let content = dice.bytes(20);
    parts.insert(at, &name, &content);
}

fn name(parts: &mut Parts, dice: &mut Dice) {
    let name = some_name(parts, dice);
    let Some(it) = any(parts, dice) else { return };
    match dice.below(3) {
        0 => it.name = name,
        1 => it.central_name = name,
        _ => (it.name, it.central_name) = (name.clone(), name),
    }
}

fn method(parts: &mut Parts, dice: &mut Dice) {
    let Some(it) = any(parts, dice) else { return };
    let content = it.content();
    if dice.below(2) == 0 {
        it.packed.clone_from(&content);
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        set(&mut it.central, 20, size);
        if it.descriptor.len() == 16 {
            set(&mut it.descriptor, 8, size);
        }
    }
    let other = dice.of(&[0_u16, 9, 12, 93, 99]).to_le_bytes();
    match dice.below(3) {
        0 => set(&mut it.local, 8, other),
        1 => set(&mut it.central, 10, other),
        _ => {
            set(&mut it.local, 8, other);
            set(&mut it.central, 10, other);
        }
    }
}

/// Stored bytes that are a deflated stream of other bytes: readers of the header see one file, those of the directory
/// another.
fn two_contents(parts: &mut Parts, dice: &mut Dice) {
    let Some(it) = any(parts, dice) else { return };
    if it.descriptor.len() != 16 {
        return;
    }
    let content = it.content();
    let stream = deflate(if dice.below(2) == 0 { b"NO findings" } else { &content }, 9);
    it.pack(&stream);
    let outer = it.packed.clone();
    it.packed = stream;
    let size = u32::try_from(it.packed.len()).unwrap().to_le_bytes();
    set(&mut it.central, 20, size);
    match dice.below(4) {
        0 => set(&mut it.central, 10, [0, 0]),
        1 => set(&mut it.local, 8, [0, 0]),
        2 => {
            set(&mut it.local, 6, [0, 0]);
            set(&mut it.local, 18, size);
            set(&mut it.central, 10, [0, 0]);
        }
        _ => it.packed = outer,
    }
}

fn descriptor(parts: &mut Parts, dice: &mut Dice) {
    let Some(it) = any(parts, dice) else { return };
    if it.descriptor.len() != 16 {
        return;
    }
    let plain = it.descriptor.clone();
    let long = [&plain[..12], &[0; 4], &plain[12..], &[0; 4]].concat();
    it.descriptor = match dice.below(6) {
        0 => Vec::new(),
        1 => plain[4..].to_vec(),
        2 => long,
        3 => long[4..].to_vec(),
        4 => [&plain[..], &plain].concat(),
        _ => plain.clone(),
    };
    // The numbers in the header instead, or as well.
    if dice.below(2) == 0 {
        for at in [4, 8, 12] {
            set(&mut it.local, at + 10, u32_at(&plain, at).to_le_bytes());
        }
    }
    if dice.below(2) == 0 {
        set(&mut it.local, 6, [0, 0]);
        if dice.below(2) == 0 {
            set(&mut it.central, 8, [0, 0]);
        }
    }
}

fn flags(parts: &mut Parts, dice: &mut Dice) {
    let flags = (8_u16 ^ (1 << dice.below(16))).to_le_bytes();
    let Some(it) = any(parts, dice) else { return };
    match dice.below(3) {
        0 => set(&mut it.local, 6, flags),
        1 => set(&mut it.central, 8, flags),
        _ => {
            set(&mut it.local, 6, flags);
            set(&mut it.central, 8, flags);
        }
    }
}

fn attributes(parts: &mut Parts, dice: &mut Dice) {
    let unix = dice.of(&[0o040_755, 0o120_777, 0o060_644, 0o104_755, 0o100_755, 0o100_600, 0, 0o644]);
    let (system, dos) = (dice.of(&[3_u8, 0, 19, 255]), dice.of(&[0_u32, 0x10, 1]));
    let Some(it) = any(parts, dice) else { return };
    set(&mut it.central, 38, (unix << 16 | dos).to_le_bytes());
    it.central[5] = system;
}

fn zip64(parts: &mut Parts, dice: &mut Dice) {
    if parts.members.iter().any(|it| it.central.is_empty() || it.local.is_empty()) {
        return;
    }
    parts.update_lengths_and_offsets();
    let count = u64::try_from(parts.members.len()).unwrap();
    let (size, directory) = (u64::from(u32_at(&parts.end, 12)), u64::from(u32_at(&parts.end, 16)));
    let mut end = b"PK\x06\x06".to_vec();
    end.extend(44_u64.to_le_bytes());
    end.extend([20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let wrong = if dice.below(2) == 0 { 0 } else { 46 };
    for number in [count, count, size - wrong, directory + wrong] {
        end.extend(number.to_le_bytes());
    }
    end.extend(b"PK\x06\x07\0\0\0\0");
    end.extend((directory + size).to_le_bytes());
    end.extend(1_u32.to_le_bytes());
    parts.end_64 = end;
}

/// Compresses the same bytes in another way, which is valid as long as nothing else is altered.
fn recompress(parts: &mut Parts, dice: &mut Dice) {
    let level = u32::try_from(dice.below(10)).unwrap();
    let Some(it) = any(parts, dice) else { return };
    if it.descriptor.len() != 16 {
        return;
    }
    let content = it.content();
    it.packed = deflate(&content, level);
    match dice.below(4) {
        // Bytes hidden after the stream's last block.
        0 => {
            let hidden = dice.bytes(8);
            it.packed.extend(hidden);
        }
        // Empty blocks before it.
        1 => it.packed = [&[0, 0, 0, 0xff, 0xff].repeat(3)[..], &it.packed].concat(),
        // A match that reaches to before the first byte, which some readers take for zeros: 257 of the fixed codes.
        2 => {
            it.pack(&[0; 3]);
            it.packed = vec![0b0000_0011, 0b0000_0010, 0];
        }
        _ => {}
    }
    let size = u32::try_from(it.packed.len()).unwrap().to_le_bytes();
    set(&mut it.central, 20, size);
    set(&mut it.descriptor, 8, size);
}

/// Alters the sizes or the checksum, in one or two of the three places.
fn sizes(parts: &mut Parts, dice: &mut Dice) {
    let by = dice.of(&[1_u32, 50, u32::MAX, u32::MAX - 49, 4]);
    let at = dice.of(&[4_usize, 8, 12]);
    let places = 1 + dice.below(7);
    let Some(it) = any(parts, dice) else { return };
    for (bit, bytes, at) in [(1, &mut it.descriptor, at), (2, &mut it.central, at + 12), (4, &mut it.local, at + 10)] {
        if places & bit != 0 && bytes.len() >= at + 4 {
            let number = u32_at(bytes, at).wrapping_add(by);
            set(bytes, at, number.to_le_bytes());
        }
    }
}

/// Alters the time: of one entry in one place or both, or of all, which is valid when there is such a moment.
fn time(parts: &mut Parts, dice: &mut Dice) {
    let time = [0x21_u16 + u16::try_from(dice.below(500)).unwrap(), 0x5000].map(u16::to_le_bytes);
    let time = [time[1], if dice.below(4) == 0 { [0xff, 0xff] } else { time[0] }].concat();
    let (places, only) = (dice.below(4), dice.below(parts.members.len()));
    for (at, it) in parts.members.iter_mut().enumerate() {
        if places != 3 && at != only {
            continue;
        }
        if places != 0 && !it.local.is_empty() {
            it.local[10..14].copy_from_slice(&time);
        }
        if places != 1 && !it.central.is_empty() {
            it.central[12..16].copy_from_slice(&time);
        }
    }
}

/// An altered archive, with a description of the alteration.
pub(super) fn altered(good: &Parts, dice: &mut Dice) -> (String, Vec<u8>) {
    let (mut parts, mut done) = (good.clone(), Vec::new());
    let times = dice.of(&[1, 1, 1, 2, 3]);
    for _ in 0..times {
        if dice.below(3) > 0 {
            let (name, alter) = dice.of(&STRUCTURAL);
            alter(&mut parts, dice);
            done.push(name);
        }
    }
    // An entry that the directory leaves out has no record to update.
    let listed: Vec<bool> = parts.members.iter().map(|it| !it.central.is_empty() && !it.local.is_empty()).collect();
    if listed.iter().all(|listed| *listed) {
        parts.update_lengths_and_offsets();
        if done.is_empty() || dice.below(4) == 0 {
            let (name, alter) = dice.of(&RAW);
            alter(&mut parts, dice);
            done.push(name);
        }
    } else {
        recompute_record_offsets(&mut parts);
    }
    let mut bytes = parts.bytes();
    if dice.below(12) == 0 {
        done.push("bytes");
        for _ in 0..=dice.below(3) {
            let at = dice.below(bytes.len());
            match dice.below(5) {
                0 => drop(bytes.remove(at)),
                1 => bytes.insert(at, dice.next().to_le_bytes()[0]),
                2 => bytes.truncate(at.max(1)),
                _ => bytes[at] ^= 1 << dice.below(8),
            }
        }
    }
    (done.join(", "), bytes)
}

/// Recomputes offsets where entries and records are not one to one.
fn recompute_record_offsets(parts: &mut Parts) {
    let mut at = parts.before.len();
    let mut begins = Vec::new();
    for it in &parts.members {
        begins.push(at);
        at += it.local.len() + it.name.len() + it.extra.len() + it.packed.len() + it.descriptor.len() + it.gap.len();
    }
    let (mut size, mut count) = (0, 0_u16);
    let first = begins.clone();
    for (it, begins) in parts.members.iter_mut().zip(begins) {
        if it.central.is_empty() {
            continue;
        }
        // A record without an entry of its own refers to the first with its name.
        let begins = if it.local.is_empty() { first[0] } else { begins };
        set(&mut it.central, 42, u32::try_from(begins).unwrap().to_le_bytes());
        for (at, part) in [(28, &it.central_name), (30, &it.central_extra), (32, &it.comment)] {
            set(&mut it.central, at, u16::try_from(part.len()).unwrap().to_le_bytes());
        }
        size += it.central.len() + it.central_name.len() + it.central_extra.len() + it.comment.len();
        count += 1;
    }
    set(&mut parts.end, 8, count.to_le_bytes());
    set(&mut parts.end, 10, count.to_le_bytes());
    set(&mut parts.end, 12, u32::try_from(size).unwrap().to_le_bytes());
    set(&mut parts.end, 16, u32::try_from(at).unwrap().to_le_bytes());
}

/// The bundle of a launch with something of everything.
async fn export_bundle() -> (Launch, Vec<u8>) {
    let launch = launch_with_every_kind_of_content().await;
    let bytes = bundle(&launch, &launch.auditor).await;
    (launch, bytes)
}

#[tokio::test]
async fn mutated_archive_called_good_reads_alike_everywhere() {
    let (launch, bytes) = export_bundle().await;
    let (good, files) = (Parts::of(&bytes), entries(&bytes));
    assert_eq!(good.bytes(), bytes, "the archive is taken apart and put together again");
    let key = launch.app.key.public_key();
    let mut dice = dice();
    let folder = tempfile::tempdir().unwrap();
    let (mut tally, mut called_good, mut tried) = (Tally::default(), BTreeMap::new(), 0);
    while tried < number_from_environment("SIGNOFF_MUTATIONS", 3_000) {
        let (done, altered) = altered(&good, &mut dice);
        if altered == bytes {
            continue;
        }
        tried += 1;
        let (status, _) = status(&altered, Some(&key));
        tally.count(status);
        if status == 0 {
            let name = format!("{tried}.zip");
            std::fs::write(folder.path().join(&name), &altered).unwrap();
            called_good.insert(name, done);
        }
    }
    println!("archives altered: {tried}; by status: {:?}", tally.0);
    assert!(!called_good.is_empty(), "some are altered in what means nothing");
    let disagree = readers_disagree(folder.path(), &files);
    println!("called good: {}; of them read otherwise by another reader: {}", called_good.len(), disagree.len());
    let how = |line: &String| called_good.get(line.split(':').next().unwrap_or_default()).cloned();
    assert!(disagree.is_empty(), "{:#?}", disagree.iter().map(|line| (line, how(line))).collect::<Vec<_>>());
}

#[tokio::test]
async fn verifiers_agree_on_mutated_archives() {
    let (launch, bytes) = export_bundle().await;
    let (good, key) = (Parts::of(&bytes), launch.app.key.public_key());
    let (mut dice, mut second, mut tally) = (dice(), SecondVerifier::start(), Tally::default());
    assert_eq!(second.agrees(&bytes, Some(&key)), Ok(0));
    let mut disagree = Vec::new();
    for _ in 0..number_from_environment("SIGNOFF_MUTATIONS", 1_000) {
        let (done, altered) = altered(&good, &mut dice);
        match second.agrees(&altered, Some(&key)) {
            Ok(status) => tally.count(status),
            Err(how) => disagree.push(format!("{done}: {how}")),
        }
    }
    println!("by status: {:?}; not the same: {}; held to every status: {}", tally.0, disagree.len(), second.strict);
    assert!(disagree.is_empty(), "{:#?}", &disagree[..disagree.len().min(20)]);
}
