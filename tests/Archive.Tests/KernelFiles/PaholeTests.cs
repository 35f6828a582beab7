using System.Diagnostics;
using Relo.Archive.KernelFiles;
using Relo.Archive.Settings;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Btf;

namespace Relo.Archive.Tests.KernelFiles;

/// <summary>A vmlinux with debug information alone: here, an ELF of one struct and a kernel's banner.</summary>
public sealed class PaholeTests
{
    private const string Source = """
        struct task_struct { int pid; long state; double average; } init_task;
        const char banner[] = "Linux version 5.4.0-91-generic (buildd@x) (gcc version 9.3.0 (Ubuntu 9.3.0-17ubuntu1~20.04)) #102-Ubuntu SMP\n";
        int _start(struct task_struct *t) { return t->pid; }
        """;

    [Fact]
    public void BTF_is_made_of_debug_information()
    {
        var vmlinux = Vmlinux();
        Assert.SkipUnless(File.Exists("/usr/bin/pahole"), "/usr/bin/pahole is not installed");
        var read = Reading.Read(vmlinux);
        Assert.Equal(("5.4.0-91-generic", "x86_64", "ubuntu", "20.04"), (read.Release, read.Arch, read.Distro, read.Version));
        var types = BtfReader.Read(read.Btf);
        var task = Enumerable.Range(1, types.Count - 1).Select(id => types[(uint)id])
            .Single(t => t.Kind == BtfKind.Struct && types.NameText(t.NameOffset) == "task_struct");
        Assert.Equal((64u, BtfKind.Float), (types.Member(task, 1).BitOffset, types[types.Member(task, 2).TypeId].Kind));
    }

    [Fact]
    public void Where_pahole_is_not_installed_the_refusal_says_what_would_help()
    {
        var reason = Refused(new PaholeSettings("/nonexistent/pahole", TimeSpan.FromMinutes(1), 1L << 30));
        Assert.Contains("DWARF", reason);
        Assert.Contains("package pahole", reason);
    }

    [Fact]
    public void Switched_off_it_says_so() => Assert.Contains("Archive:Pahole", Refused(null));

    [Fact]
    public void A_program_that_takes_too_long_is_ended()
    {
        var watch = Stopwatch.StartNew();
        Assert.Contains("within 0.2 s", Refused(new PaholeSettings(Script("exec sleep 60"), TimeSpan.FromMilliseconds(200), 1L << 30)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_program_that_wants_too_much_memory_fails_alone() =>
        Assert.Contains("exit code",
            Refused(new PaholeSettings(Script("exec dd if=/dev/zero of=/dev/null bs=600M count=1"), TimeSpan.FromMinutes(1), 200L << 20)));

    [Fact]
    public void What_it_says_of_a_failure_is_told_but_not_all_of_it()
    {
        var reason = Refused(new PaholeSettings(Script("yes no | head -c 1000000 >&2; exit 3"), TimeSpan.FromMinutes(1), 1L << 30));
        Assert.Contains("exit code 3", reason);
        Assert.True(reason.Length < 1000);
    }

    [Fact]
    public void It_gets_nothing_of_the_environment_of_the_service_and_few_files()
    {
        Environment.SetEnvironmentVariable("RELO_PAHOLE_SECRET", "open-sesame");
        var reason =
            Refused(new PaholeSettings(Script("env >&2; ulimit -n >&2; ulimit -c >&2; exit 3"), TimeSpan.FromMinutes(1), 1L << 30));
        Assert.DoesNotContain("open-sesame", reason);
        Assert.Matches(@"\b64\s+0\s*$", reason);
    }

    [Fact]
    public void It_is_switched_off_unless_a_setting_names_it() => Assert.Empty(new ArchiveOptions().Pahole);

    private static string Refused(PaholeSettings? pahole) => Assert.Throws<KernelFileException>(
        () => KernelFileReader.Read(Vmlinux(), Reading.Settings() with { Pahole = pahole }, TestContext.Current.CancellationToken)).Message;

    private static string Script(string body)
    {
        var path = Path.Combine(Path.GetTempPath(), $"relo-pahole-{Guid.NewGuid():n}.sh");
        File.WriteAllText(path, $"#!/bin/sh\nrm -f '{path}'\n{body}\n");
        Pack.Run("chmod", [], "u+x", path);
        return path;
    }

    private static byte[] Vmlinux()
    {
        var folder = Directory.CreateTempSubdirectory("relo-vmlinux-");
        try
        {
            var output = Path.Combine(folder.FullName, "vmlinux");
            Pack.Run("clang-14", System.Text.Encoding.ASCII.GetBytes(Source), "-x", "c", "-", "-g", "-gdwarf-4", "-nostdlib", "-static",
                "-fno-stack-protector", "--target=x86_64-linux-gnu", "-o", output);
            return File.ReadAllBytes(output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
