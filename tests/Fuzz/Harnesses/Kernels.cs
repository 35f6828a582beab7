using System.Security.Cryptography;
using System.Text;
using Relo.Archive.Blobs;
using Relo.Archive.Import;
using Relo.Archive.KernelFiles;
using Relo.Archive.KernelFiles.Images;
using Relo.Archive.KernelFiles.Packages;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Archive.Objects;
using Relo.Archive.PackedArchive;
using Relo.Archive.Resolution;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;
using Relo.Core.StableForms;
using ZstdSharp;

namespace Relo.Fuzz.Harnesses;

/// <summary>The inputs of the archive: kernel files of every container, and names of kernels.</summary>
internal static class Kernels
{
    private const string Release = "6.1.0-38-amd64";
    private const string XzProgram = "/usr/bin/xz", Lz4Program = "/usr/bin/lz4";

    // As the service is by default, but for pahole, which is a program of its own, and with less of everything, so that going over it is
    // quick.
    private static readonly ReadSettings Settings = new(new(4 << 20, 200) { FileBytes = 8 << 20, TotalBytes = 32 << 20 },
        Path.Combine(Path.GetTempPath(), "relo-fuzz-scratch"), Oracle.Patience, null);

    private static readonly byte[] Btf = TinyBtf.Of("int", "long", "char");
    private static readonly byte[] Vmlinux = TinyImage.Vmlinux(Btf);

    private static readonly Dictionary<int, string> RpmTags = new()
    {
        [RpmHeader.Name] = "kernel-core",
        [RpmHeader.Version] = "6.1.0",
        [RpmHeader.Release] = "38.el9",
        [RpmHeader.Vendor] = "Red Hat, Inc.",
        [RpmHeader.Arch] = "x86_64",
    };

    public static IReadOnlyList<Harness> All { get; } =
    [
        File("deb", "Debian packages: ar, tar, what packs them",
            () => Packings("none", "gzip", "zstd", "xz")
                .Select(p => TinyPackage.Deb(
                    p, TinyPackage.Control, ("./boot/vmlinuz-" + Release, BzImage("gzip")), ("./usr/share/doc/x", [1, 2, 3])))),
        File("rpm", "rpm packages: headers, cpio, what packs them",
            () => Packings("none", "gzip", "zstd", "xz")
                .Select(p => TinyPackage.Rpm(p, RpmTags, ("./lib/modules/" + Release + "/vmlinuz", BzImage("gzip")), ("./etc/", [])))),
        File("tar", "tar, as BTFHub packs BTF", Tars),
        File("image", "boot images of x86, arm64, s390x, EFI zboot", Images),
        File("android", "Android boot images",
            () => [TinyContainer.Android(TinyImage.Arm64(TinyImage.Memory(Btf)), 0),
                TinyContainer.Android(Pack.Gzip(TinyImage.Arm64(TinyImage.Memory(Btf))), 4)]),
        File("uboot", "uImage and FIT of U-Boot", UBoot),
        File("uki", "unified kernel images: PE sections, os-release",
            () => [TinyContainer.Pe((".osrel", "ID=debian\nVERSION_ID=12\n"u8.ToArray()), (".uname", Encoding.ASCII.GetBytes(Release)),
                (".linux", BzImage("gzip")))]),
        File("zimage", "zImage of 32-bit ARM", () => [TinyContainer.ZImage(Pack.Gzip(TinyImage.Memory(Btf)))]),
        File("modules", "packages with modules, tar packages, several tars in several gzips", ModulePackages),
        new("embedded", "programs that hold BPF objects", () => [Embedding(Seeds.Object), Embedding(Seeds.BigEndianObject, Seeds.Object)],
            bytes => Relo.Core.Objects.BpfObject.Read(bytes)) { MaxBytes = 64 << 10, AcceptsNone = true },
        File("kernel-elf", "vmlinux and modules",
            () => [Vmlinux, TinyElf.Module(Btf, "tiny", Release), TinyElf.WithSection(TinyElf.Module(Btf, "tiny", Release), ".BTF.base")]),
        .. new[] { "gzip", "zstd", "lz4", "lz4 (legacy)", "bzip2", "lzma", "xz", "xz for x86" }.Select(Packed),
        new("packed-archive", "archives that export --packed wrote", PackedArchives, UnpackAll) { AllowedAnyway = 96 << 20, Mutations = 600 },
        new("packed-blob", "BTF as it is stored packed, with its checksum made right", PackedBlobs, UnpackBlob),
        new("kernel-name", "releases, paths, digests, uname -a, /proc/version, cursors", NameSeeds, Names) { MaxBytes = 4096 },
    ];

    private static IEnumerable<byte[]> PackedArchives()
    {
        using var file = new MemoryStream();
        using (var writer = new PackedWriter(file))
        {
            var (near, split) = (TinyBtf.Of("int", "long", "char", "short"), TinyBtf.SplitOn(["int", "long", "char"], "in_module"));
            var module = new KernelModule("tiny", Digest.Of(split), split.Length);
            writer.WriteHead(3);
            writer.Write(Kernel("a", Btf), PackedWriter.Pack(Btf, default), [(module, split)]);
            writer.Write(Kernel("b", near), PackedWriter.Pack(near, StableForm.Write(Btf)), []);
            writer.Write(Kernel("c", near), new(PackedForm.Same, [], 0), []);
        }

        return [file.ToArray()];

        static Kernel Kernel(string release, byte[] btf) =>
            new($"d/1/x86_64/{release}", "d", "1", "x86_64", release, Digest.Of(btf), btf.Length, "import", default, []);
    }

    private static void UnpackAll(byte[] bytes)
    {
        const int most = 64 << 10;
        var (reader, unpacker) = (new PackedReader(new MemoryStream(bytes), most, CancellationToken.None), new Unpacker(most));
        reader.Head();
        while (reader.Kernel() is { } entry)
        {
            unpacker.Btf(entry.Kernel, entry.Btf);
            if (entry.Kernel.Modules.Count > 0) unpacker.Modules(entry.Kernel, entry.Modules);
        }
    }

    private static IEnumerable<byte[]> PackedBlobs()
    {
        var near = TinyBtf.Of("int", "long", "char", "short");
        byte[][] all = [PackedBlob.Pack(Digest.Of(Btf), Btf, known: null),
            PackedBlob.Pack(Digest.Of(near), near, (Digest.Of(Btf), StableForm.Write(Btf)!)),
            PackedBlob.Pack(Digest.Of("no BTF"u8), "no BTF"u8, known: null)];
        return all.Select(stored => stored[..^SHA256.HashSizeInBytes]);
    }

    private static void UnpackBlob(byte[] bytes)
    {
        var blob = PackedBlob.Read((byte[])[.. bytes, .. SHA256.HashData(bytes)], maxBytes: 64 << 10)
            ?? throw new KernelFileException("no packed BTF");
        try
        {
            new UnpackingSpace().Unpack(blob, blob.Base is null ? null : StableForm.Write(Btf));
        }
        catch (ZstdException e)
        {
            throw new KernelFileException(e.Message);
        }
    }

    private static Harness File(string name, string about, Func<IEnumerable<byte[]>> seeds) =>
        new(name, about, seeds,
            bytes =>
                KernelFileReader.Read(
                    bytes, Settings, CancellationToken.None))
        { AllowedAnyway = 96 << 20, AllowedPerByte = 1024, Mutations = 600 };

    // SharpCompress packs no xz; without the program there are no seeds, and whoever runs the harness is told.
    private static Harness Packed(string packing)
    {
        var name = packing.Replace(" (legacy)", "-legacy", StringComparison.Ordinal).Replace(" for ", "-", StringComparison.Ordinal);
        return File(name, $"{packing}: alone, several, and in a boot image",
            () => [Pack.As(packing, Btf), Pack.As(packing, Vmlinux),
                [.. Pack.As(packing, Btf[..20]), .. Pack.As(packing, Btf[20..]), 0, 0, 0, 0], BzImage(packing)])
            with
        { Lacks = Packings(packing).Any() ? null : $"seeds of {packing} are made by {(packing == "lz4" ? Lz4Program : XzProgram)}, which is not installed" };
    }

    private static IEnumerable<string> Packings(params string[] packings) =>
        packings.Where(p => System.IO.File.Exists(XzProgram) || !(p.StartsWith("xz", StringComparison.Ordinal) || p == "lzma"))
            .Where(p => p != "lz4" || System.IO.File.Exists(Lz4Program));

    private static byte[] BzImage(string packing) =>
        TinyImage.BzImage(Pack.As(packing, Vmlinux), packing == "gzip" ? null : Vmlinux.Length, Release + " (x@y)");

    private static IEnumerable<byte[]> Tars() =>
    [
        TinyPackage.Tar(($"{Release}.btf", Btf)), TinyPackage.Tar(System.Formats.Tar.TarEntryFormat.Pax, ($"./{Release}.btf", Btf)),
        TinyPackage.Tar((new string('d', 120) + "/x", Btf), ("a/", []), ("b -> c", [])),
        Pack.Gzip(TinyPackage.Tar(($"{Release}.btf", Btf))),
    ];

    private static IEnumerable<byte[]> Images() =>
    [
        .. Packings("gzip", "zstd", "xz for x86", "lz4 (legacy)")
            .Select(BzImage), TinyImage.Zboot(Pack.Gzip(TinyImage.Memory(Btf))), TinyImage.Arm64(TinyImage.Memory(Btf)),
        TinyImage.Arm64(Pack.Gzip(TinyImage.Memory(Btf))), TinyImage.S390(Pack.Gzip(Vmlinux)),
    ];

    private static IEnumerable<byte[]> UBoot() =>
    [
        TinyContainer.UBoot(Pack.Gzip(TinyImage.Memory(Btf))),
        TinyContainer.UBoot(TinyContainer.Parts(TinyImage.Arm64(TinyImage.Memory(Btf)), [1, 2, 3]), type: 4),
        TinyContainer.Fit([], ("data", Pack.Gzip(TinyImage.Memory(Btf))), ("type", "kernel\0"u8.ToArray())),
        TinyContainer.Fit(TinyImage.Memory(Btf), ("type", "kernel\0"u8.ToArray()), ("data-offset", TinyContainer.Word(0)),
            ("data-size", TinyContainer.Word((uint)TinyImage.Memory(Btf).Length))),
    ];

    private static IEnumerable<byte[]> ModulePackages()
    {
        const string folder = "./lib/modules/" + Release;
        var module = TinyElf.Module(TinyBtf.SplitOn(["int", "long", "char"], "tiny"), "tiny", Release);
        (string, byte[])[] files = [($"{folder}/vmlinuz", BzImage("gzip")), ($"{folder}/kernel/a.ko", module),
            ($"{folder}/kernel/b.ko.gz", Pack.Gzip(module)), ($"{folder}/kernel/c.ko.zst", Pack.Zstd(module)),
            ($"./boot/config-{Release}", "CONFIG_MODULES=y\n"u8.ToArray())];
        return [TinyPackage.Deb("gzip", TinyPackage.Control, files), TinyPackage.Rpm("zstd", RpmTags, files), TinyPackage.Tar(files),
            [.. Pack.Gzip(TinyPackage.Tar((".PKGINFO", "arch = x86_64\n"u8.ToArray()))), .. Pack.Gzip(TinyPackage.Tar(files))]];
    }

    // A header of an executable, then the objects.
    private static byte[] Embedding(params byte[][] objects) =>
        [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, .. new byte[9], 2, 0, 62, 0, .. new byte[44], .. objects.SelectMany(o => o)];

    private static IEnumerable<byte[]> NameSeeds() => new[]
    {
        Release, "ubuntu/20.04/x86_64/5.4.0-91-generic", "sha256:"
            + new string('a', 64), TinyImage.Banner, "4.18.0-147.el8.x86_64", "6.12.113 deb12-amd64", "#1 SMP", "./boot/vmlinuz-" + Release,
        "Linux node7 5.4.0-91-generic #102~18.04.1-Ubuntu SMP Fri Nov 5 16:31:28 UTC 2021 x86_64 x86_64 x86_64 GNU/Linux",
        "Linux 5.10.0-46-cloud-amd64", "/a/debian/12/x86_64/" + Release + ".btf.tar.xz",
        "usr/lib/debug/lib/modules/5.14.0-1.el9.x86_64/vmlinux", "tracer", "Ubuntu 5.15.0-97.107-generic 5.15.136", "buildid:00ff00ff",
        "ID=alpine\nVERSION_ID=3\n5.15.0-91-generic", "dGVzdA", KernelCursor.After("debian/12/x86_64/" + Release),
    }.Select(Encoding.UTF8.GetBytes);

    private static void Names(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        Objects.Must(IdentifierText.Read(text) is not null, "no identifier");
        IdentifierText.Read(Encoding.UTF8.GetString(bytes));
        foreach (var part in (string[])["distro", "version", "arch", "release", "module"]) KernelName.Fault(part, text);
        KernelName.Distro(text);
        KernelName.Arch(text);
        KernelName.ArchOfRelease(text);
        BtfHubPath.Describe(text);
        KernelPaths.IsKernel(text, out _);
        KernelPaths.IsModule(text);
        KernelPaths.IsConfig(text);
        KernelOrigin.Of(text, text);
        KernelBanner.Find(bytes).Describe(new KernelFile(default, ""));
        Objects.Must(!ObjectRef.TryParse(text, out var reference) || reference is ObjectRef.ByDigest || ObjectRef.IsTag(text),
            "a reference is neither digest nor tag");
        Objects.Must(!KernelCursor.TryParse(text, out var id) || KernelCursor.TryParse(KernelCursor.After(id), out _),
            "a cursor cannot be read again");
        Objects.Must(!ObjectCursor.TryParse(text, out var at, out _) || at >= long.MinValue, "a cursor without a time");
        ReleaseParts.Read(text);
    }
}
