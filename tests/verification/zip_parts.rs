//! A ZIP archive split into its fields, so that each can be altered and the rest recomputed.

/// An entry with all its fields.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// The 30 bytes of the local header, the name and the extra field.
    pub local: Vec<u8>,
    pub name: Vec<u8>,
    pub extra: Vec<u8>,
    pub packed: Vec<u8>,
    pub descriptor: Vec<u8>,
    /// Bytes between this entry and the next.
    pub gap: Vec<u8>,
    /// The 46 bytes of the central directory record, the name, the extra field and the comment.
    pub central: Vec<u8>,
    pub central_name: Vec<u8>,
    pub central_extra: Vec<u8>,
    pub comment: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(super) struct Parts {
    pub before: Vec<u8>,
    pub members: Vec<Member>,
    /// Bytes between the directory and the end records.
    pub behind_directory: Vec<u8>,
    /// The ZIP64 end record and its locator, if there are any.
    pub end_64: Vec<u8>,
    pub end: Vec<u8>,
    pub after: Vec<u8>,
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// Writes a number, unless another edit has removed its place.
pub(super) fn set<const N: usize>(bytes: &mut [u8], at: usize, number: [u8; N]) {
    if let Some(field) = bytes.get_mut(at..at + N) {
        field.copy_from_slice(&number);
    }
}

fn take(bytes: &[u8], at: &mut usize, length: usize) -> Vec<u8> {
    let taken = bytes[*at..*at + length].to_vec();
    *at += length;
    taken
}

impl Parts {
    /// Splits an archive that the application made.
    pub(super) fn of(archive: &[u8]) -> Self {
        let end = archive.len() - 22;
        let mut at = u32_at(archive, end + 16) as usize;
        let mut members = Vec::new();
        while archive[at..].starts_with(b"PK\x01\x02") {
            let central = take(archive, &mut at, 46);
            let central_name = take(archive, &mut at, u16_at(&central, 28).into());
            let mut from = u32_at(&central, 42) as usize;
            let local = take(archive, &mut from, 30);
            let name = take(archive, &mut from, u16_at(&local, 26).into());
            let packed = take(archive, &mut from, u32_at(&central, 20) as usize);
            let descriptor = take(archive, &mut from, 16);
            let (extra, gap, central_extra, comment) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let member =
                Member { local, name, extra, packed, descriptor, gap, central, central_name, central_extra, comment };
            members.push(member);
        }
        assert_eq!(at, end);
        let end = archive[end..].to_vec();
        Self { before: Vec::new(), members, behind_directory: Vec::new(), end_64: Vec::new(), end, after: Vec::new() }
    }

    /// The bytes of all local parts, and the offset of each.
    fn locals(&self) -> (Vec<u8>, Vec<usize>) {
        let (mut bytes, mut begins) = (self.before.clone(), Vec::new());
        for it in &self.members {
            begins.push(bytes.len());
            for part in [&it.local, &it.name, &it.extra, &it.packed, &it.descriptor, &it.gap] {
                bytes.extend_from_slice(part);
            }
        }
        (bytes, begins)
    }

    fn directory(&self) -> Vec<u8> {
        let records = self.members.iter().map(|it| [&it.central, &it.central_name, &it.central_extra, &it.comment]);
        records.flatten().flatten().copied().collect()
    }

    /// Recomputes lengths, offsets and counts.
    pub(super) fn update_lengths_and_offsets(&mut self) {
        for it in &mut self.members {
            for (at, part) in [(26, &it.name), (28, &it.extra)] {
                set(&mut it.local, at, u16::try_from(part.len()).unwrap().to_le_bytes());
            }
            for (at, part) in [(28, &it.central_name), (30, &it.central_extra), (32, &it.comment)] {
                set(&mut it.central, at, u16::try_from(part.len()).unwrap().to_le_bytes());
            }
        }
        let (locals, begins) = self.locals();
        for (it, begins) in self.members.iter_mut().zip(begins) {
            set(&mut it.central, 42, u32::try_from(begins).unwrap().to_le_bytes());
        }
        let count = u16::try_from(self.members.len()).unwrap().to_le_bytes();
        set(&mut self.end, 8, count);
        set(&mut self.end, 10, count);
        let size = self.directory().len();
        set(&mut self.end, 12, u32::try_from(size).unwrap().to_le_bytes());
        set(&mut self.end, 16, u32::try_from(locals.len()).unwrap().to_le_bytes());
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.locals().0;
        bytes.extend(self.directory());
        for part in [&self.behind_directory, &self.end_64, &self.end, &self.after] {
            bytes.extend_from_slice(part);
        }
        bytes
    }

    /// The archive after an edit, with the rest recomputed.
    pub(super) fn edited(&self, edit: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut parts = self.clone();
        edit(&mut parts);
        parts.update_lengths_and_offsets();
        parts.bytes()
    }

    pub(super) fn member(&mut self, name: &str) -> &mut Member {
        self.members.iter_mut().find(|it| it.name == name.as_bytes()).unwrap_or_else(|| panic!("{name}"))
    }

    /// Inserts a new entry, as the application would write it, before the entry of this index.
    pub(super) fn insert(&mut self, at: usize, name: &str, content: &[u8]) {
        let mut member = self.members[0].clone();
        (member.name, member.central_name) = (name.as_bytes().to_vec(), name.as_bytes().to_vec());
        member.pack(content);
        self.members.insert(at, member);
    }
}

impl Member {
    /// Compresses new content, and updates its sizes and checksum.
    pub(super) fn pack(&mut self, content: &[u8]) {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        self.packed = deflate(content, 1);
        let (packed, size) = (u32::try_from(self.packed.len()).unwrap(), u32::try_from(content.len()).unwrap());
        for (at, number) in [(4, crc.sum()), (8, packed), (12, size)] {
            set(&mut self.descriptor, at, number.to_le_bytes());
            set(&mut self.central, at + 12, number.to_le_bytes());
        }
    }

    /// Its uncompressed bytes, as far as they can be unpacked.
    pub(super) fn content(&self) -> Vec<u8> {
        let mut content = Vec::new();
        let mut inflate = flate2::read::DeflateDecoder::new(self.packed.as_slice());
        let _: std::io::Result<usize> = std::io::Read::read_to_end(&mut inflate, &mut content);
        content
    }
}

pub(super) fn deflate(content: &[u8], level: u32) -> Vec<u8> {
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(level));
    std::io::Write::write_all(&mut deflate, content).unwrap();
    deflate.finish().unwrap()
}
