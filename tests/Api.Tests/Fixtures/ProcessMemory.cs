using System.Globalization;

namespace Relo.Api.Tests.Fixtures;

/// <summary>The memory of a process as the system counts it, including memory outside the heap.</summary>
internal static class ProcessMemory
{
    private const string Anonymous = "RssAnon:";

    /// <summary>Resident bytes that are not pages of files.</summary>
    public static long ResidentBytes(this int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(l => l.StartsWith(Anonymous, StringComparison.Ordinal));
        return long.Parse(line[Anonymous.Length..^" kB".Length], CultureInfo.InvariantCulture) * 1024;
    }
}
