using System.Data.Common;

namespace Relo.Archive.Faults;

/// <summary>The database returned a value that we never write, although the engine reports no damage.</summary>
public sealed class DamagedDatabaseException(string message, Exception cause) : DbException(message, cause);
