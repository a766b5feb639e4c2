#include "store/sqlite_error.hpp"

#include <sqlite3.h>

#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

struct Advice {
  ErrorKind kind = ErrorKind::kInternal;
  const char* next_step = "";
};

Advice advice_for(const SQLite::Exception& exception) {
  if (is_damage(exception))
    return {ErrorKind::kCorrupt, "restart loadline: it sets the file aside and reads anew"};
  switch (exception.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::kInvalidInput,
              "it is used by another process, probably another loadline serve: stop that one, or "
              "give each a --state-dir of its own"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorKind::kInvalidInput,
              "make the file and its directory writable for this user, or choose another "
              "--state-dir"};
    case SQLITE_READONLY:
      return {ErrorKind::kInternal, "make the volume and the file writable again"};
    case SQLITE_FULL:
      return {ErrorKind::kInternal, "free space on the volume or enlarge it"};
    case SQLITE_IOERR:
      return {ErrorKind::kInternal, "look at the volume (quota, size limits, the kernel's log)"};
    case SQLITE_NOMEM:
      return {ErrorKind::kInternal, "raise the memory limit"};
    default:
      return {ErrorKind::kInternal, "look at the volume, or choose another --state-dir"};
  }
}

}  // namespace

bool is_damage(const SQLite::Exception& exception) {
  switch (exception.getErrorCode()) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_ERROR:  // a table or column is missing: our statements are right
    case SQLITE_SCHEMA:
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case -1:  // SQLiteCpp's own: a pragma without an answer
      return true;
    default:
      return false;
  }
}

Error sqlite_error(const std::string& path, const std::string& doing,
                   const SQLite::Exception& exception) {
  const Advice advice = advice_for(exception);
  return {advice.kind, doing + " in " + printable(path) + ": " + exception.what() + " (SQLite " +
                           std::to_string(exception.getExtendedErrorCode()) + "); " +
                           advice.next_step};
}

}  // namespace loadline
