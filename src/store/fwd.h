#pragma once

namespace fengsui::store {
class Database;
class DataDirLock;
class AuditStore;
class BlobStore;
class RecordStore;
class TimerStore;
class FindingStore;
class QueryStore;
class RegistryStore;
class RunStore;
class UserStore;
} // namespace fengsui::store
