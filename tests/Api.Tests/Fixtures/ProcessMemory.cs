using System.Globalization;

namespace Relo.Api.Tests.Fixtures;

/// <summary>What a process holds by the system's count, memory outside the heap included.</summary>
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
