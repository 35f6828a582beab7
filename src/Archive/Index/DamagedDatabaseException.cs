using System.Data.Common;

namespace Relo.Archive.Index;

/// <summary>The database returned what we never write, although the engine itself reports no damage.</summary>
public sealed class DamagedDatabaseException(string message, Exception cause) : DbException(message, cause);
