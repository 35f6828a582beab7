using System.Buffers.Binary;
using System.Formats.Tar;
using System.Globalization;
using System.Text;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>Packages built by hand, so that every part can be invalid.</summary>
internal static class TinyPackage
{
    public const string Control =
        "Package: linux-image-6.1.0-38-amd64\nVersion: 6.1.147-1\nArchitecture: amd64\nMaintainer: Debian Kernel Team "
            + "<debian-kernel@lists.debian.org>\nDescription: Linux\n  for: nobody\n";

    public static byte[] Deb(string packing, string control, params (string Path, byte[] Bytes)[] files)
    {
        var end = packing switch { "none" => "", "gzip" => ".gz", "zstd" => ".zst", _ => "." + packing };
        return Ar(("debian-binary", "2.0\n"u8.ToArray()),
            ("control.tar" + end, Pack.As(packing, Tar(("./control", Encoding.UTF8.GetBytes(control))))),
            ("data.tar" + end, Pack.As(packing, Tar(files))));
    }

    public static byte[] Ar(params (string Name, byte[] Bytes)[] members)
    {
        var file = new MemoryStream();
        file.Write("!<arch>\n"u8);
        foreach (var (name, bytes) in members)
        {
            file.Write(Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{name,-16}{0,-12}{0,-6}{0,-6}{"100644",-8}{bytes.Length,-10}`\n")));
            file.Write(bytes);
            if (bytes.Length % 2 != 0) file.WriteByte((byte)'\n');
        }

        return file.ToArray();
    }

    /// <summary>
    /// Names longer than a header field become extended headers; a path that ends in a slash is a folder, and one with " -> " a symbolic
    /// link.
    /// </summary>
    public static byte[] Tar(params (string Path, byte[] Bytes)[] files) => Tar(TarEntryFormat.Gnu, files);

    public static byte[] Tar(TarEntryFormat format, params (string Path, byte[] Bytes)[] files)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var (path, bytes) in files)
            {
                var link = path.Split(" -> ");
                var type = link.Length > 1 ? TarEntryType.SymbolicLink : path.EndsWith('/')
                    ? TarEntryType.Directory
                    : TarEntryType.RegularFile;
                TarEntry entry = format == TarEntryFormat.Pax ? new PaxTarEntry(type, link[0]) : new GnuTarEntry(type, link[0]);
                if (link.Length > 1) entry.LinkName = link[1];
                if (type == TarEntryType.RegularFile) entry.DataStream = new MemoryStream(bytes);
                tar.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    public static byte[] Rpm(string packing, IReadOnlyDictionary<int, string> tags, params (string Path, byte[] Bytes)[] files)
    {
        var lead = new byte[96];
        new byte[] { 0xed, 0xab, 0xee, 0xdb, 3 }.CopyTo(lead, 0);
        var signature = RpmHeader(new Dictionary<int, string> { [1000] = "not the name" });
        return [.. lead, .. signature, .. new byte[-signature.Length & 7], .. RpmHeader(tags), .. Pack.As(packing, Cpio(files))];
    }

    public static byte[] Cpio(params (string Path, byte[] Bytes)[] files)
    {
        var file = new MemoryStream();
        foreach (var (path, bytes) in files.Append(("TRAILER!!!", [])))
        {
            // The mode: 0100644, or for what ends in a slash 040755.
            var mode = path.EndsWith('/') ? 0x41ed : 0x81a4;
            file.Write(
                Encoding.ASCII.GetBytes(
                    $"07070100000001{mode:x8}{0:x8}{0:x8}00000001{0:x8}{bytes.Length:x8}{0:x8}{0:x8}{0:x8}{0:x8}{path.Length + 1:x8}{0:x8}{path}\0"));
            Align();
            file.Write(bytes);
            Align();
        }

        return file.ToArray();

        void Align() => file.Write(new byte[-file.Length & 3]);
    }

    private static byte[] RpmHeader(IReadOnlyDictionary<int, string> tags)
    {
        var index = new MemoryStream();
        var store = new MemoryStream();
        var entry = new byte[16];
        foreach (var (tag, value) in tags)
        {
            BinaryPrimitives.WriteInt32BigEndian(entry, tag);
            BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(4), 6);
            BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(8), (int)store.Length);
            BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(12), 1);
            index.Write(entry);
            store.Write(Encoding.UTF8.GetBytes(value + '\0'));
        }

        var intro = new byte[16];
        new byte[] { 0x8e, 0xad, 0xe8, 1 }.CopyTo(intro, 0);
        BinaryPrimitives.WriteInt32BigEndian(intro.AsSpan(8), tags.Count);
        BinaryPrimitives.WriteInt32BigEndian(intro.AsSpan(12), (int)store.Length);
        return [.. intro, .. index.ToArray(), .. store.ToArray()];
    }
}
