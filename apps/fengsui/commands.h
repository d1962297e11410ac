// One function per command: it adds its options and says what to do. Each lives in a file of its own.
#pragma once

namespace fengsui::apps {

class Command;
struct TypedOptions;

void add_audit_command(Command& root, TypedOptions& typed);
void add_backup_command(Command& root, TypedOptions& typed);
void add_check_command(Command& root, TypedOptions& typed);
void add_findings_command(Command& root, TypedOptions& typed);
void add_patrol_command(Command& root, TypedOptions& typed);
void add_range_command(Command& root, TypedOptions& typed);
void add_registry_command(Command& root, TypedOptions& typed);
void add_serve_command(Command& root, TypedOptions& typed);
void add_template_command(Command& root, TypedOptions& typed);

} // namespace fengsui::apps
