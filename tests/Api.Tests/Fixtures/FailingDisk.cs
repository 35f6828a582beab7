using System.Diagnostics;

namespace Relo.Api.Tests.Fixtures;

/// <summary>
/// A real disk that fails when told to: a file system in a file, under which the file is cut short. What is in memory can still be read;
/// the rest, and whatever is to be put on the disk, is an input/output error (EIO) of the system, until it is repaired. Where mounting is
/// not permitted the test is skipped, and says so.
/// </summary>
internal sealed class FailingDisk : IDisposable
{
    private const string Size = "48M", SizeOfFailing = "64K";

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-failing-disk-").FullName;
    private readonly string? _device;

    public FailingDisk()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root may mount");
        Directory.CreateDirectory(Path);
        Must("truncate", "-s", Size, Image);
        // with a journal the system would give up the disk until it is mounted anew
        Must("mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0", Image);
        _device = Try("losetup", "--find", "--show", Image);
        if (_device is null || Try("mount", _device, Path) is null)
        {
            Dispose();
            Assert.Skip("mounting a file is not permitted here");
        }
    }

    /// <summary>The mount point.</summary>
    public string Path => System.IO.Path.Combine(_folder, "disk");

    private string Image => System.IO.Path.Combine(_folder, "image");

    private string Saved => System.IO.Path.Combine(_folder, "saved");

    /// <summary>Fails from now on. Nothing may write meanwhile.</summary>
    public void Fail()
    {
        Must("sync", "-f", Path);
        File.Copy(Image, Saved);
        Must("truncate", "-s", SizeOfFailing, Image);
        Must("losetup", "-c", _device!);
    }

    /// <summary>Works again, with the earlier contents.</summary>
    public void Repair()
    {
        Must("dd", $"if={Saved}", $"of={Image}", "conv=notrunc", "status=none");
        Must("losetup", "-c", _device!);
        File.Delete(Saved);
    }

    /// <summary>Drops a file from the page cache. Nothing may have it mapped.</summary>
    public void DropFromMemory(string file)
    {
        Must("sync", "-f", Path);
        Must("dd", $"if={file}", "iflag=nocache", "count=0", "status=none");
    }

    /// <summary>Unmounts and mounts it again, so that its contents are on the disk.</summary>
    public void MountAnew()
    {
        Must("umount", Path);
        Must("mount", _device!, Path);
    }

    public void Dispose()
    {
        Try("umount", "-l", Path);
        if (_device is not null) Try("losetup", "-d", _device);
        Directory.Delete(_folder, recursive: true);
    }

    private static void Must(string program, params string[] arguments) =>
        Assert.True(Try(program, arguments) is not null, $"{program} {string.Join(' ', arguments)} failed");

    /// <returns>What it printed; null where it failed.</returns>
    private static string? Try(string program, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : null;
    }
}
