using Microsoft.EntityFrameworkCore;

namespace Relo.Archive.Index;

/// <summary>How many objects and tags there are, and the objects' bytes. Triggers of the database keep it.</summary>
internal sealed record ObjectTotals(long Count, long Bytes, long Tags)
{
    /// <summary>As it is inside the transaction; takes one look-up.</summary>
    public static Task<ObjectTotals> ReadAsync(ArchiveDb db) => db.Database.SqlQuery<ObjectTotals>($"SELECT Count, Bytes, Tags FROM ObjectTotals WHERE Id = 1").SingleAsync();
}
