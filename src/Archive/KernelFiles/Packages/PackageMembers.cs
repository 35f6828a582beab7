using Relo.Archive.KernelFiles.Images;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>
/// Examines the members of a package in order, and keeps the kernel and the BTF of its modules. The first kernel with BTF wins: if a
/// package has several files of one kernel (vmlinuz and a vmlinux with debug information), the BTF in them is the same.
/// </summary>
internal sealed class PackageMembers(Unpacker unpacker, int depth) : IDisposable
{
    private const int MaxTried = 4, MaxFaults = 8;

    private readonly List<string> _faults = [];
    private readonly ModuleReader _modules = new(unpacker);
    private KernelFile? _kernel;

    /// <summary>
    /// Whether the rest can be skipped: debug packages are large and have no loadable modules, and modules may be unwanted.
    /// </summary>
    public bool IsComplete { get; private set; }

    /// <summary>Why candidates could not be read, the first few; null if none failed.</summary>
    public string? Faults => _faults.Count == 0 ? null : string.Join("; ", _faults);

    /// <summary>Examines the next member.</summary>
    public void Consider(string path, long sizeBytes, Stream content)
    {
        if (sizeBytes == 0) return;
        if (KernelPaths.IsModule(path))
        {
            if (unpacker.Settings.KeepsModules) _modules.Add(path, sizeBytes, content);
        }
        else if (KernelPaths.IsConfig(path)) ReadConfig(path, sizeBytes, content);
        else if (_kernel is null && _faults.Count < MaxTried && KernelPaths.IsKernel(path, out var release))
            TryKernel(path, release, sizeBytes, content);
    }

    /// <summary>The kernel with its modules; only modules if the package has no kernel; null if it has neither.</summary>
    public KernelFile? Take()
    {
        var all = _modules.Finish();
        if (_kernel is { } kernel)
        {
            var release = kernel.Release ?? ReleaseOf(all);
            var own = all.Where(m => m.Release is null || m.Release == release).ToList();
            var faults = Faulty(all.Count - own.Count, $"of another release than {release}");
            return kernel with { Release = release, Modules = own, ModuleFaults = faults };
        }

        // If the kernel could not be read, report that: its modules are useless alone.
        if (all.Count == 0 || Faults is not null || ReleaseOf(all) is not { } common) return null;
        var modules = all.Where(m => m.Release == common).ToList();
        return new KernelFile(default, "modules")
        {
            Release = common,
            Arch = modules[0].Arch,
            Modules = modules,
            ModuleFaults = Faulty(all.Count - modules.Count, $"of another release than {common}"),
        };
    }

    public void Dispose() => _modules.Dispose();

    private List<string> Faulty(int left, string why) =>
        left == 0 ? [.. _modules.Faults] : [.. _modules.Faults, $"{left} modules are {why}"];

    private static string? ReleaseOf(IEnumerable<KernelFile> modules) =>
        modules.Where(m => m.Release is not null).GroupBy(m => m.Release!, StringComparer.Ordinal).MaxBy(g => g.Count())?.Key;

    private void TryKernel(string path, string? release, long sizeBytes, Stream content)
    {
        if (sizeBytes > unpacker.Limits.FileBytes)
        {
            Fault($"{path} has {sizeBytes} bytes, at most {unpacker.Limits.FileBytes} are accepted");
            return;
        }

        var mark = unpacker.Mark;
        var file = unpacker.Keep(content, path);
        try
        {
            var read = KernelFileReader.Read(file, unpacker, depth - 1);
            _kernel = read with { Release = read.Release ?? release };
            IsComplete = KernelPaths.IsDebug(path) || !unpacker.Settings.KeepsModules;
        }
        catch (KernelFileException e) when (!unpacker.IsSpent)
        {
            Fault($"{path}: {e.Message}");
            unpacker.ReleaseSince(mark);
        }
    }

    private void ReadConfig(string path, long sizeBytes, Stream content)
    {
        if (sizeBytes > KernelConfig.MaxBytes) return;
        var config = new byte[sizeBytes];
        content.ReadExactly(config);
        if (KernelConfig.LacksBtf(config)) Fault($"{path} has no CONFIG_DEBUG_INFO_BTF=y, so the kernel was built without BTF");
    }

    private void Fault(string text)
    {
        if (_faults.Count < MaxFaults) _faults.Add(text);
    }
}
