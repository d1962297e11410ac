// Reads fields of a YAML tree into values and collects what is wrong with them. Private to the loader.
#pragma once

#include "template/loader.h"
#include "template/yaml_tree.h"

#include <initializer_list>

namespace fengsui::templates {

/// Where in the file something is, for faults: made of its parts only when a fault is written.
class FieldPath {
public:
    FieldPath() = default;
    FieldPath(const FieldPath& parent, std::string_view name) : parent_(&parent), name_(name) {}
    FieldPath(FieldPath&& parent, std::string_view name) = delete; ///< the parent must outlive it
    FieldPath(FieldPath&& parent, std::size_t index) = delete;
    FieldPath(const FieldPath& parent, std::size_t index)
        : parent_(&parent), index_(index), is_index_(true) {}
    [[nodiscard]] std::string str() const;

private:
    const FieldPath* parent_ = nullptr;
    std::string_view name_;
    std::size_t index_ = 0;
    bool is_index_ = false;
};

class Reader {
public:
    explicit Reader(const LoadOptions& options) : options_(options) {}

    void fault(const YamlNode& node, const FieldPath& path, std::string_view message);
    void fault(const YamlNode& node, const FieldPath& path, std::string_view message, std::string_view text);
    [[nodiscard]] std::vector<Fault>& faults() { return faults_; }
    [[nodiscard]] const LoadOptions& options() const { return options_; }

    /// A fault for each key that is not in the list.
    void check_keys(
        const YamlNode& node, const FieldPath& path, std::initializer_list<std::string_view> known
    );
    /// True when it is a mapping (or absent: then false without a fault).
    bool is_mapping(const YamlNode* node, const FieldPath& path);

    /// Members of `node`, each with a default when absent and a fault when of the wrong kind.
    std::string text(const YamlNode& node, const FieldPath& path, std::string_view name);
    bool flag(const YamlNode& node, const FieldPath& path, std::string_view name);
    std::int64_t whole(const YamlNode& node, const FieldPath& path, std::string_view name);
    std::vector<std::string> texts(const YamlNode& node, const FieldPath& path, std::string_view name);
    /// A list, or one text with commas.
    std::vector<std::string> text_or_list(const YamlNode& node, const FieldPath& path, std::string_view name);

private:
    const LoadOptions& options_;
    std::vector<Fault> faults_;
};

bool parse_whole(std::string_view text, std::int64_t& value);

/// The parts of a template, each in its own file.
void load_info(Reader& reader, const YamlNode& root, Template& out);
void load_blocks(Reader& reader, const YamlNode& root, Template& out);
Operators load_operators(Reader& reader, const YamlNode& node, const FieldPath& path);
void load_payloads(Reader& reader, const YamlNode& node, const FieldPath& path, Block& block);
/// The boolean chain, or nothing: it is a script.
std::optional<FlowNode> parse_flow(std::string_view text, const Template& value);

} // namespace fengsui::templates
