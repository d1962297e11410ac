#include "net/dns_message.h"

#include "net/dns_wire.h"

#include <algorithm>
#include <map>
#include <optional>

namespace fengsui::net {

namespace {

constexpr std::size_t kDnsHeaderSize = 12;
constexpr std::size_t kOptRecordSize = 11;
constexpr std::uint16_t kClassInternet = 1;
// DNS flag day 2020: fits the IPv6 minimum MTU, so answers are not fragmented.
constexpr std::uint16_t kUdpPayload = 1232;
constexpr std::uint32_t kDnssecOk = 0x8000; // of the OPT record's TTL (RFC 6891 6.1.4)

base::Error bad_dns(const char* what) {
    return {base::ErrorCode::invalid_argument, std::string("malformed DNS message: ") + what};
}

struct RawRecord {
    std::uint16_t record_class = 0;
    DnsRecord record;
};

/// Walks over one message. Every read checks the bytes left first.
class DnsReader {
public:
    explicit DnsReader(std::string_view bytes) : bytes_(bytes), at_(kDnsHeaderSize) {}

    bool read_question(DnsQuestion& question);
    bool read_record(RawRecord& raw);

private:
    bool has(std::size_t count) const { return bytes_.size() - at_ >= count; }
    bool read_data(DnsType type, std::size_t end, std::string& data);
    bool expand_names(unsigned names, std::size_t fixed_before, std::size_t end, std::string& data);

    std::string_view bytes_;
    std::size_t at_;
    std::string wire_;
};

bool DnsReader::read_question(DnsQuestion& question) {
    if (!read_dns_name(bytes_, at_, wire_) || !has(4) || wire_u16(bytes_, at_ + 2) != kClassInternet) {
        return false;
    }
    question.name = dns_name_text(wire_);
    question.type = static_cast<DnsType>(wire_u16(bytes_, at_));
    at_ += 4;
    return true;
}

bool DnsReader::read_record(RawRecord& raw) {
    if (!read_dns_name(bytes_, at_, wire_) || !has(10)) {
        return false;
    }
    raw.record.name = dns_name_text(wire_);
    raw.record.type = static_cast<DnsType>(wire_u16(bytes_, at_));
    raw.record_class = wire_u16(bytes_, at_ + 2);
    raw.record.ttl = wire_u32(bytes_, at_ + 4);
    const std::size_t length = wire_u16(bytes_, at_ + 8);
    at_ += 10;
    return has(length) && read_data(raw.record.type, at_ + length, raw.record.data);
}

bool DnsReader::read_data(DnsType type, std::size_t end, std::string& data) {
    data.clear();
    switch (type) {
    case DnsType::cname:
    case DnsType::ns:
    case DnsType::ptr:
        return expand_names(1, 0, end, data) && at_ == end;
    case DnsType::mx:
        return expand_names(1, 2, end, data) && at_ == end;
    case DnsType::soa:
        if (!expand_names(2, 0, end, data) || end - at_ != 20) {
            return false;
        }
        break;
    default:
        break;
    }
    data += bytes_.substr(at_, end - at_);
    at_ = end;
    return true;
}

bool DnsReader::expand_names(unsigned names, std::size_t fixed_before, std::size_t end, std::string& data) {
    if (end - at_ < fixed_before) {
        return false;
    }
    data = bytes_.substr(at_, fixed_before);
    at_ += fixed_before;
    for (; names > 0; --names) {
        if (!read_dns_name(bytes_.substr(0, end), at_, wire_)) {
            return false;
        }
        data += wire_;
    }
    return true;
}

void apply_flags(std::uint16_t flags, DnsMessage& message) {
    message.is_response = (flags & 0x8000) != 0;
    message.is_authoritative = (flags & 0x0400) != 0;
    message.is_truncated = (flags & 0x0200) != 0;
    message.recursion_desired = (flags & 0x0100) != 0;
    message.recursion_available = (flags & 0x0080) != 0;
    message.is_authenticated = (flags & 0x0020) != 0;
    message.checking_disabled = (flags & 0x0010) != 0;
    message.code = static_cast<DnsCode>(flags & 0x000F);
}

/// False when a second OPT comes (RFC 6891 6.1.1) or the extended code is beyond what is assigned.
bool apply_opt(const DnsRecord& opt, DnsMessage& message) {
    const std::uint32_t extended = ((opt.ttl >> 24) << 4) | static_cast<std::uint32_t>(message.code);
    if (message.has_edns || extended > 0xFF) {
        return false;
    }
    message.has_edns = true;
    message.dnssec_ok = (opt.ttl & kDnssecOk) != 0;
    message.code = static_cast<DnsCode>(extended);
    return true;
}

bool read_section(DnsReader& reader, unsigned count, DnsMessage& message, std::vector<DnsRecord>& section) {
    for (; count > 0; --count) {
        RawRecord raw;
        if (!reader.read_record(raw)) {
            return false;
        }
        if (raw.record.type == DnsType::opt) {
            if (!apply_opt(raw.record, message)) {
                return false;
            }
        } else if (raw.record_class == kClassInternet) {
            section.push_back(std::move(raw.record));
        }
    }
    return true;
}

std::uint16_t flags_of(const DnsMessage& message) {
    unsigned flags = static_cast<unsigned>(message.code) & 0x000FU;
    flags |= message.is_response ? 0x8000U : 0U;
    flags |= message.is_authoritative ? 0x0400U : 0U;
    flags |= message.is_truncated ? 0x0200U : 0U;
    flags |= message.recursion_desired ? 0x0100U : 0U;
    flags |= message.recursion_available ? 0x0080U : 0U;
    flags |= message.is_authenticated ? 0x0020U : 0U;
    flags |= message.checking_disabled ? 0x0010U : 0U;
    return static_cast<std::uint16_t>(flags);
}

/// Puts a message together, compressing owner names, within a limit.
class DnsWriter {
public:
    explicit DnsWriter(std::size_t limit) : limit_(limit) {}

    std::string bytes = std::string(kDnsHeaderSize, '\0');

    bool add_question(const DnsQuestion& question);
    bool add_record(const DnsRecord& record);
    /// Adds what fits; the count of what was added.
    std::uint16_t add_section(const std::vector<DnsRecord>& section);

private:
    bool append_compressed(const std::string& name);
    bool keep_if_fits(std::size_t before);

    std::size_t limit_;
    std::map<std::string, std::size_t, std::less<>> seen_; ///< whole names and where they stand
};

bool DnsWriter::append_compressed(const std::string& name) {
    const auto seen = seen_.find(name);
    if (seen != seen_.end()) {
        append_u16(bytes, static_cast<std::uint16_t>(0xC000U | seen->second));
        return true;
    }
    const auto at = bytes.size();
    if (!append_dns_name(name, bytes)) {
        return false;
    }
    if (!name.empty() && at < 0x4000) {
        seen_.emplace(name, at);
    }
    return true;
}

bool DnsWriter::keep_if_fits(std::size_t before) {
    if (limit_ != 0 && bytes.size() > limit_) {
        bytes.resize(before);
        std::erase_if(seen_, [before](const auto& entry) { return entry.second >= before; });
        return false;
    }
    return true;
}

bool DnsWriter::add_question(const DnsQuestion& question) {
    const auto before = bytes.size();
    if (!append_compressed(question.name)) {
        return false;
    }
    append_u16(bytes, static_cast<std::uint16_t>(question.type));
    append_u16(bytes, kClassInternet);
    return keep_if_fits(before);
}

bool DnsWriter::add_record(const DnsRecord& record) {
    const auto before = bytes.size();
    if (record.data.size() > 0xFFFF || !append_compressed(record.name)) {
        return false;
    }
    append_u16(bytes, static_cast<std::uint16_t>(record.type));
    append_u16(bytes, kClassInternet);
    append_u32(bytes, record.ttl);
    append_u16(bytes, static_cast<std::uint16_t>(record.data.size()));
    bytes += record.data;
    return keep_if_fits(before);
}

std::uint16_t DnsWriter::add_section(const std::vector<DnsRecord>& section) {
    std::uint16_t count = 0;
    for (const auto& record : section) {
        if (count == 0xFFFF || !add_record(record)) {
            break;
        }
        ++count;
    }
    return count;
}

void append_opt(const DnsMessage& message, std::string& bytes) {
    bytes += '\0';
    append_u16(bytes, static_cast<std::uint16_t>(DnsType::opt));
    append_u16(bytes, kUdpPayload);
    append_u32(
        bytes, ((static_cast<std::uint32_t>(message.code) >> 4) << 24) | (message.dnssec_ok ? kDnssecOk : 0)
    );
    append_u16(bytes, 0);
}

struct SectionCounts {
    std::uint16_t questions = 0;
    std::uint16_t answers = 0;
    std::uint16_t authorities = 0;
    std::uint16_t additionals = 0;
};

std::string dns_header(const DnsMessage& message, bool truncated, const SectionCounts& counts) {
    std::string header;
    append_u16(header, message.id);
    append_u16(header, static_cast<std::uint16_t>(flags_of(message) | (truncated ? 0x0200U : 0U)));
    append_u16(header, counts.questions);
    append_u16(header, counts.answers);
    append_u16(header, counts.authorities);
    append_u16(header, static_cast<std::uint16_t>(counts.additionals + (message.has_edns ? 1 : 0)));
    return header;
}

} // namespace

base::Result<DnsMessage> decode_dns(std::string_view bytes) {
    if (bytes.size() < kDnsHeaderSize) {
        return bad_dns("shorter than its header");
    }
    DnsMessage message;
    message.id = wire_u16(bytes, 0);
    apply_flags(wire_u16(bytes, 2), message);
    DnsReader reader(bytes);
    for (unsigned left = wire_u16(bytes, 4); left > 0; --left) {
        DnsQuestion question;
        if (!reader.read_question(question)) {
            return bad_dns("question");
        }
        message.questions.push_back(std::move(question));
    }
    if (!read_section(reader, wire_u16(bytes, 6), message, message.answers)) {
        return bad_dns("answer section");
    }
    if (!read_section(reader, wire_u16(bytes, 8), message, message.authorities)) {
        return bad_dns("authority section");
    }
    if (!read_section(reader, wire_u16(bytes, 10), message, message.additionals)) {
        return bad_dns("additional section");
    }
    return message;
}

std::string encode_dns(const DnsMessage& message, std::size_t limit) {
    const std::size_t reserved = message.has_edns ? kOptRecordSize : 0;
    DnsWriter writer(limit == 0 ? 0 : std::max(limit, kDnsHeaderSize + reserved) - reserved);
    SectionCounts counts;
    for (const auto& question : message.questions) {
        counts.questions =
            static_cast<std::uint16_t>(counts.questions + (writer.add_question(question) ? 1 : 0));
    }
    counts.answers = writer.add_section(message.answers);
    bool truncated = counts.answers < message.answers.size();
    if (!truncated) {
        counts.authorities = writer.add_section(message.authorities);
        truncated = counts.authorities < message.authorities.size();
    }
    if (!truncated) {
        // Additional records are a courtesy: leaving some out is not truncation (RFC 2181 section 9).
        counts.additionals = writer.add_section(message.additionals);
    }
    if (message.has_edns) {
        append_opt(message, writer.bytes);
    }
    writer.bytes.replace(0, kDnsHeaderSize, dns_header(message, truncated, counts));
    return std::move(writer.bytes);
}

} // namespace fengsui::net
