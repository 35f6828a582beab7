using System.Diagnostics;

namespace Relo.Api.Tests.Fixtures;

/// <summary>
/// Real disk faults: a small disk in memory that can be filled, emptied and made read-only. Tests are skipped if mounting is not permitted.
/// </summary>
internal sealed class MountedFolder : IDisposable
{
    private const int PieceBytes = 16 << 10;

    private readonly List<string> _mounts = [];

    /// <param name="megabytes">How large it is.</param>
    public MountedFolder(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root may mount");
        Mount("-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("relo-disk-").FullName;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Fills it completely.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var piece = PieceBytes; piece > 0;)
        {
            try
            {
                file.Write(new byte[piece]);
            }
            catch (IOException)
            {
                piece /= 2;
            }
        }
    }

    /// <summary>Frees space again.</summary>
    public void Empty() => File.Delete(Ballast);

    /// <summary>Files opened from now on cannot be written; open files can.</summary>
    public void MakeReadOnly()
    {
        Mount("--bind", Path, Path);
        Run("mount", "-o", "remount,bind,ro", Path);
    }

    /// <summary>Reverts <see cref="MakeReadOnly"/>.</summary>
    public void MakeWritable()
    {
        Run("umount", "-l", Path);
        _mounts.RemoveAt(_mounts.Count - 1);
    }

    public void Dispose()
    {
        foreach (var path in _mounts) Run("umount", "-l", path);
        Directory.Delete(Path, recursive: true);
    }

    private void Mount(params string[] arguments)
    {
        if (Run("mount", arguments) is { Length: > 0 } refused)
        {
            Dispose();
            Assert.Skip($"mounting is not permitted here: {refused}");
        }

        _mounts.Add(Path);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{program} ended with {process.ExitCode}: {errors.Trim()}";
    }
}
