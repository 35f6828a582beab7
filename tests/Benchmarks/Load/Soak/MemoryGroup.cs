using System.Globalization;

namespace Relo.Benchmarks.Load.Soak;

/// <summary>A control group with a limit of memory, of version 1 or 2.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string V1 = "/sys/fs/cgroup/memory", V2 = "/sys/fs/cgroup";
    private const string Processes = "cgroup.procs";

    private readonly string _folder;
    private readonly bool _isV1;

    private MemoryGroup(string folder, bool isV1) => (_folder, _isV1) = (folder, isV1);

    /// <summary>Creates one; null without permission.</summary>
    public static MemoryGroup? TryMake(long limitBytes)
    {
        var isV1 = Directory.Exists(V1);
        var group = new MemoryGroup(Path.Combine(isV1 ? V1 : V2, $"relo-soak-{Environment.ProcessId}-{limitBytes >> 20}"), isV1);
        try
        {
            Directory.CreateDirectory(group._folder);
            File.WriteAllText(Path.Combine(group._folder, isV1 ? "memory.limit_in_bytes" : "memory.max"),
                limitBytes.ToString(CultureInfo.InvariantCulture));
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            group.Dispose();
            return null;
        }
    }

    /// <summary>The command that starts another one within the group.</summary>
    public IReadOnlyList<string> Enter => ["sh", "-c", $"echo $$ > {_folder}/{Processes} && exec \"$@\"", "sh"];

    /// <summary>Memory in use: all of it, and the part that is not file pages.</summary>
    public (long All, long Anonymous) Bytes => _isV1
        ? (Number("memory.usage_in_bytes"), Stat("rss"))
        : (Number("memory.current"), Stat("anon"));

    /// <summary>The number of processes that the kernel killed because memory ran out.</summary>
    public long Killed => Stat("oom_kill", _isV1 ? "memory.oom_control" : "memory.events");

    /// <summary>Removes the group; its processes have ended.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was not made, or the kernel has not emptied it yet.
        }
    }

    private long Number(string file) => long.Parse(File.ReadAllText(Path.Combine(_folder, file)), CultureInfo.InvariantCulture);

    private long Stat(string name, string file = "memory.stat") => long.Parse(
        File.ReadLines(Path.Combine(_folder, file))
            .First(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);
}
