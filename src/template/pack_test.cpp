#include "template/pack.h"

#include <gtest/gtest.h>

#include <array>
#include <zlib.h>

namespace fengsui::templates {
namespace {

std::string gzip(const std::string& bytes) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string tar_entry(const std::string& name, const std::string& content, char kind = '0') {
    std::string header(512, '\0');
    header.replace(0, name.size(), name);
    std::array<char, 13> size{};
    std::snprintf(size.data(), size.size(), "%011lo", static_cast<unsigned long>(content.size()));
    header.replace(124, 11, size.data());
    header[156] = kind;
    header.replace(257, 5, "ustar");
    std::string body = content;
    body.resize((content.size() + 511) / 512 * 512, '\0');
    return header + body;
}

TEST(Pack, TakesRegularFilesBelowItsRoot) {
    const std::string tar = tar_entry("top/a.yaml", "id: a") + tar_entry("top/lists/w.txt", "x\ny")
                            + tar_entry("top/link.yaml", "", '2') + tar_entry("../out.yaml", "id: b")
                            + tar_entry("/abs.yaml", "id: c") + tar_entry("top/../../d.yaml", "id: d")
                            + tar_entry("top/.git/e.yaml", "id: e") + std::string(1024, '\0');
    const auto pack = read_pack(gzip(tar));
    ASSERT_TRUE(pack);
    EXPECT_EQ(pack->left_out, 4U);
    EXPECT_EQ(pack->sha256.size(), 64U);
    EXPECT_EQ(template_names(*pack), (std::vector<std::string>{"a.yaml"}));
    EXPECT_EQ(helper_reader(*pack, "sub/b.yaml")("lists/w.txt").value_or(""), "x\ny");
    EXPECT_FALSE(helper_reader(*pack, "a.yaml")("../../etc/passwd"));
}

TEST(Pack, BombsAreRefused) {
    PackLimits limits;
    limits.bytes = 1U << 20U;
    EXPECT_FALSE(read_pack(gzip(tar_entry("a.yaml", std::string(4U << 20U, 'x'))), limits));
    limits.count = 3;
    std::string many;
    for (int i = 0; i < 5; ++i) {
        many += tar_entry("f" + std::to_string(i), "x");
    }
    EXPECT_FALSE(read_pack(gzip(many), limits));
    EXPECT_TRUE(read_pack(gzip(many)));
}

TEST(Pack, DamageIsSaid) {
    const std::string sound = gzip(tar_entry("a.yaml", "id: a"));
    EXPECT_TRUE(read_pack(sound));
    for (const std::string& bad :
         {sound.substr(0, sound.size() / 2), std::string("PK\x03\x04"), std::string("text"), std::string()}) {
        EXPECT_FALSE(read_pack(bad));
    }
    EXPECT_FALSE(read_pack(gzip(tar_entry("a.yaml", "id: a").substr(0, 515))));
}

} // namespace
} // namespace fengsui::templates
