// Expressions against what govaluate with nuclei's helpers gives (reference points 17 to 22).
#include "template/dsl.h"
#include "template/facts.h"
#include "template/text.h"

#include <gtest/gtest.h>

namespace fengsui::templates {
namespace {

struct Case {
    const char* expression;
    const char* result; ///< Go's text; "error" and "invalid" are failures
};

constexpr Case kCases[] = {
    {"1 + 2 * 3", "7"},
    {"(1 + 2) * 3", "9"},
    {"2 ** 3", "8"},
    {"7 % 4", "3"},
    {"-2 + 5", "3"},
    {"10 / 4", "2.5"},
    {"1 << 4", "16"},
    {"6 & 3", "2"},
    {"6 | 3", "7"},
    {"6 ^ 3", "5"},
    {"~0", "-1"},
    {"0x1F", "31"},
    {"1 - -1", "2"},
    {"'a' + 'b'", "ab"},
    {"'a' + 1", "a1"},
    {"1 + 'a'", "1a"},
    {"'x' + 1000000", "x1e+06"},
    {"'x' + 0.5", "x0.5"},
    {"true + 1", "error"},
    {"1 == 1", "true"},
    {"\"200\" == 200", "false"},
    {"'a' == \"a\"", "true"},
    {"1 != 2", "true"},
    {"'b' > 'a'", "true"},
    {"'10' < '9'", "true"},
    {"1 < 'a'", "error"},
    {"2 >= 2", "true"},
    {"2 <= 1", "false"},
    {"true && false", "false"},
    {"true || missing", "true"},
    {"false && missing", "false"},
    {"missing", "error"},
    {"missing == 1", "error"},
    {"1 && true", "error"},
    {"true && 1", "error"},
    {"!true", "false"},
    {"!1", "error"},
    {"!contains('abc','d')", "true"},
    {"!(1 == 2)", "true"},
    {"!true == false", "true"},
    {"-2 ** 2", "4"},
    {"true ? 'y' : 'n'", "y"},
    {"false ? 'y' : 'n'", "n"},
    {"false ? 'y'", "<nil>"},
    {"1 in (1, 2)", "true"},
    {"3 in (1, 2)", "false"},
    {"'a' in ('b', 'a')", "true"},
    {"'abc' =~ '^a.c$'", "true"},
    {"'abc' !~ 'x'", "true"},
    {"'abc' =~ '['", "invalid"},
    {"1 =~ 'a'", "error"},
    {"a, b", "[va vb]"},
    {"a &&!b", "invalid"},
    {"!!true", "invalid"},
    {"a..b", "invalid"},
    {"f(", "invalid"},
    {"len", "invalid"},
    {"'open", "invalid"},
    {"1 2", "invalid"},
    {"()", "invalid"},
    {"a b", "invalid"},
    {"unknown('x')", "invalid"},
    {"\"\\n\"", "n"},
    {"'\\d'", "d"},
    {"'\\\\d'", "\\d"},
    {"'it\\'s'", "it's"},
    {"'2020-01-01'", "1.5778368e+09"},
    {"\"2020-01-01\" == 1577836800", "true"},
    {"'12-34-56'", "12-34-56"},
    {"[a]", "va"},
    {"[with space]", "vs"},
    {"len('abc')", "3"},
    {"len('\xC3\xA9')", "2"},
    {"len(list)", "2"},
    {"index('abc', 1)", "b"},
    {"index(list, 0)", "one"},
    {"index('abc', 9)", "error"},
    {"to_upper('aé')", "AÉ"},
    {"tolower('ÀB')", "àb"},
    {"to_lower('ПРИВЕТ')", "привет"},
    {"toupper('x')", "X"},
    {"to_title('hello world')", "Hello World"},
    {"contains('abc', 'b')", "true"},
    {"contains(123, 2)", "true"},
    {"contains('abc')", "error"},
    {"containsall('abc','a','c')", "true"},
    {"contains_all('abc','a','x')", "false"},
    {"contains_any('abc','x','c')", "true"},
    {"contains_any('abc')", "false"},
    {"starts_with('abc','b','a')", "true"},
    {"starts_with('abc')", "error"},
    {"ends_with('abc','c')", "true"},
    {"line_starts_with('x\ny','y')", "true"},
    {"line_ends_with('ax\nb','x')", "true"},
    {"equals_any('a','b','a')", "true"},
    {"equals_any(1,'1')", "true"},
    {"regex('a.c','xabc')", "true"},
    {"regex('^b','abc')", "false"},
    {"regex('(','a')", "error"},
    {"regex('\\\\d+','a1')", "true"},
    {"regex_all('a','ab','b')", "false"},
    {"regex_any('a','b','ab')", "true"},
    {"count('banana','an')", "2"},
    {"concat('a',1,true)", "a1true"},
    {"concat()", ""},
    {"repeat('ab',3)", "ababab"},
    {"repeat('a','2')", "aa"},
    {"repeat('a',99999999)", "error"},
    {"replace('aaa','a','b')", "bbb"},
    {"replace('ab','','-')", "-a-b-"},
    {"replace_regex('a1b2','[0-9]','x')", "axbx"},
    {"replace_regex('ab','(a)(b)','$2$1')", "ba"},
    {"trim('xxaxx','x')", "a"},
    {"trim_left('xxa','x')", "a"},
    {"trim_right('axx','x')", "a"},
    {"trim_space(' a ')", "a"},
    {"trim_prefix('prea','pre')", "a"},
    {"trim_suffix('a.js','.js')", "a"},
    {"reverse('abc')", "cba"},
    {"sort('cab')", "abc"},
    {"sort('b','a')", "[a b]"},
    {"uniq('aab')", "ab"},
    {"uniq('a','b','a')", "[a b]"},
    {"split('a,b',',')", "[a b]"},
    {"split('abcd',2)", "[ab cd]"},
    {"split('a,b,c',',',2)", "[a b,c]"},
    {"join('-','a','b')", "a-b"},
    {"join('-',split('a,b',','))", "a-b"},
    {"join('-','a')", "error"},
    {"substr('abcdef',2)", "cdef"},
    {"substr('abcdef',1,3)", "bc"},
    {"substr('abc',5)", "error"},
    {"padding('a','b',3,'suffix')", "abb"},
    {"padding('a','b',3,'prefix')", "bba"},
    {"padding('abcd','b',3,'prefix')", "abcd"},
    {"padding('a','b',3,'x')", "error"},
    {"remove_bad_chars('a-b_c','-_')", "abc"},
    {"base64('hello')", "aGVsbG8="},
    {"base64_decode('aGVsbG8=')", "hello"},
    {"base64_decode('a')", "error"},
    {"base64_py('a')", "YQ==\n"},
    {"hex_encode('ab')", "6162"},
    {"hex_encode('ab','x')", "\\x61\\x62"},
    {"hex_decode('6162')", "ab"},
    {"hex_decode('6')", "error"},
    {"url_encode('a b/c-_.!~*\\'()')", "a%20b%2Fc-_.!~*'()"},
    {"url_encode('a-b',true)", "a%2Db"},
    {"url_decode('a%20b')", "a b"},
    {"url_decode('a%2')", "a%2"},
    {"html_escape('<a/b>')", "&lt;a&sol;b&gt;"},
    {"html_unescape('&lt;&#65;&#x42;')", "<AB"},
    {"md5('a')", "0cc175b9c0f1b6a831c399e269772661"},
    {"sha1('a')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"},
    {"sha256('')", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"hmac('sha1','a','k')", "40e7d441cadb17b07f050341aa23a6820ed81c8b"},
    {"hmac('md9','a','k')", "error"},
    {"mmh3('hello')", "613153351"},
    {"mmh3('')", "0"},
    {"mmh3(base64_py('hello'))", "1155597304"},
    {"\"613153351\" == mmh3('hello')", "true"},
    {"613153351 == mmh3('hello')", "false"},
    {"compare_versions('1.2.3','>= 1.0.0','< 2.0.0')", "true"},
    {"compare_versions('1.2.3','>= 2')", "false"},
    {"compare_versions('v1.2','= 1.2.0')", "true"},
    {"compare_versions('1.2.3-beta','< 1.2.3')", "false"},
    {"compare_versions('1.2.3-beta','< 1.2.3-rc')", "true"},
    {"compare_versions('abc','> 1')", "error"},
    {"compare_versions('1.4.5','~> 1.4.2')", "true"},
    {"compare_versions('1.5.0','~> 1.4.2')", "false"},
    {"compare_versions('1.10','> 1.9')", "true"},
    {"compare_versions('1.0','!= 1.0.0')", "false"},
    {"compare_versions('1.2.3','1.2.3')", "true"},
    {"compare_versions('1.0','> x')", "error"},
    {"to_number('5') + 1", "6"},
    {"to_number('x')", "error"},
    {"to_string(5) + 'a'", "5a"},
    {"to_bool('1')", "true"},
    {"hex_to_dec('ff')", "255"},
    {"hex_to_dec('0xff')", "255"},
    {"oct_to_dec('17')", "15"},
    {"bin_to_dec('101')", "5"},
    {"dec_to_hex(255)", "ff"},
    {"gzip_decode(gzip('abc'))", "abc"},
    {"zlib_decode(zlib('abc'))", "abc"},
    {"inflate(deflate('abc'))", "abc"},
    {"gzip_decode('abc')", "error"},
    {"unpack('>I', hex_decode('00000102'))", "258"},
    {"xor('ab','ab') == hex_decode('0000')", "true"},
    {"json_minify('{\"b\": 1, \"a\": [1, 2]}')", "{\"a\":[1,2],\"b\":1}"},
    {"unix_time()", "1.7640288e+09"},
    {"unix_time(10) - unix_time()", "10"},
    {"date_time('%Y-%M-%D')", "2025-11-25"},
    {"date_time('02 Jan 2006 15.04', 0)", "01 Jan 1970 00.00"},
    {"date_time('%q')", "error"},
    {"to_unix_time('2022-01-13 16:30:10') == 1642091410", "true"},
    {"to_unix_time('x')", "error"},
    {"len(rand_base(5))", "5"},
    {"len(rand_text_alpha(7))", "7"},
    {"regex('^[0-9]{4}$', rand_text_numeric(4))", "true"},
    {"rand_int(5,6)", "5"},
    {"rand_int(5,5)", "error"},
    {"rand_text_alpha(99999999)", "error"},
    {"len(rand_char())", "1"},
    {"getNetworkPort('8080','22')", "22"},
    {"getNetworkPort(2222,'22')", "2222"},
    {"resolve('example.org')", "error"},
    {"wait_for(9)", "error"},
    {"generate_java_gadget('dns','x','raw')", "error"},
    {"status_code == 200 && contains(body, 'Hello')", "true"},
    {"content_length", "5"},
    {"server", "nginx"},
    {"contains(header, 'Server: nginx')", "true"},
    {"contains(response, 'Hello')", "true"},
    {"x_two", "a b"},
    {"sid", "abc"},
    {"body + '!'", "Hello world!"},
    {"host", "http://h/x"},
    {"contains('{{a}}', 'va')", "true"},
    {"'{{a}}' == 'va'", "true"},
    {"contains('{{quote}}', 'it')", "true"},
};

class Dsl : public testing::TestWithParam<Case> {};

TEST_P(Dsl, Gives) {
    Environment environment;
    environment.now = base::parse_rfc3339("2025-11-25T00:00:00Z").or_throw();
    const Variables variables = {
        {"a", Value::text("va")},
        {"b", Value::text("vb")},
        {"with space", Value::text("vs")},
        {"quote", Value::text("it's \"x\" \\")},
        {"list", Value::list({Value::text("one"), Value::text("two")})}};
    HttpAnswer answer;
    answer.url = "http://h/x";
    answer.status = 200;
    answer.headers = {
        {"server", "nginx"},
        {"Content-Length", "5"},
        {"X-Two", "a"},
        {"X-Two", "b"},
        {"Set-Cookie", "SID=abc; Path=/"}};
    answer.body = "Hello world";
    const auto facts = ResponseFacts::of_http(answer, "GET /x HTTP/1.1\r\n\r\n", "http://h/x");
    Scope scope(environment);
    scope.push(variables);
    scope.push(*facts);
    const auto expression = Expression::compile(GetParam().expression);
    std::string result = "invalid";
    if (expression) {
        const auto value = expression->evaluate(scope);
        result = value ? value->to_go_text() : "error";
        if (!value && std::string(GetParam().result) != "error") {
            result += ": " + value.error().message();
        }
    }
    const bool is_invalid_pattern = std::string(GetParam().result) == "invalid";
    EXPECT_EQ(result, GetParam().result)
        << GetParam().expression << (is_invalid_pattern ? " must not compile" : "");
}

INSTANTIATE_TEST_SUITE_P(Reference, Dsl, testing::ValuesIn(kCases));

TEST(DslLimits, DeepNestingIsRefusedAndNotCrashed) {
    EXPECT_FALSE(Expression::compile(std::string(100000, '(')).has_value());
    EXPECT_FALSE(Expression::compile(std::string(5000, '!')).has_value());
    EXPECT_FALSE(Expression::compile(std::string(1U << 20U, 'a')).has_value());
}

TEST(DslText, RendersOnlyWhatItKnows) {
    Environment environment;
    const Variables variables = {
        {"x", Value::text("{{y}}")}, {"y", Value::text("no")}, {"num", Value::text("5")}};
    Scope scope(environment);
    scope.push(variables);
    const auto render = [&scope](std::string_view text) {
        const auto rendered = Text(text).render(scope);
        return rendered ? *rendered : "error";
    };
    EXPECT_EQ(render("a {{x}} b"), "a {{y}} b"); // values are data
    EXPECT_EQ(render("{{1+1}}"), "{{1+1}}");
    EXPECT_EQ(render("{{num + 'x'}}"), "5x");
    EXPECT_EQ(render("{{unknown}}"), "{{unknown}}");
    EXPECT_EQ(render("{{unknown + 'x'}}"), "error");
    EXPECT_EQ(render("{{md5(\"{{num}}\")}}"), "e4da3b7fbbce2345d7772b0674a318d5");
    EXPECT_EQ(render("{{to_lower('ABC')}}-{{num}}"), "abc-5");
    EXPECT_EQ(render("§num§"), "5");
    EXPECT_EQ(render("{{ {{num}} }}"), "{{ 5 }}");
    EXPECT_EQ(unresolved_marker("GET /{{x}} HTTP/1.1"), "x");
    EXPECT_EQ(unresolved_marker("GET /%7B%7Bx%7D%7D"), "x");
    EXPECT_EQ(unresolved_marker("GET /{{7*7}} {{'a'}}"), "");
}

} // namespace
} // namespace fengsui::templates
