using Relo.Archive.KernelFiles;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.KernelFiles;

public sealed class BuildIdNoteTests
{
    private static readonly byte[] Id = [0x12, 0x34, 0xab];

    [Fact]
    public void The_build_id_is_found_behind_other_notes() =>
        Assert.Equal("1234ab", BuildIdNote.Find(TinyElf.BuildIdNote(Id), isBigEndian: false));

    [Fact]
    public void Notes_are_read_in_the_kernels_byte_order()
    {
        byte[] notes = [0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 3, .. "GNU\0"u8, 0xfe, 0xed];
        Assert.Equal("feed", BuildIdNote.Find(notes, isBigEndian: true));
        Assert.Null(BuildIdNote.Find(notes, isBigEndian: false));
    }

    [Fact]
    public void Truncated_notes_have_none()
    {
        var notes = TinyElf.BuildIdNote(Id);
        for (var length = 0; length < notes.Length; length++) Assert.Null(BuildIdNote.Find(notes.AsSpan(0, length), isBigEndian: false));
    }

    [Fact]
    public void A_note_of_another_owner_is_no_build_id() =>
        Assert.Null(BuildIdNote.Find([4, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, .. "XEN\0"u8, 1, 2, 0, 0], isBigEndian: false));

    [Theory]
    [InlineData("vmlinux")]
    [InlineData("bzImage")]
    [InlineData("deb")]
    public void Every_file_that_holds_a_vmlinux_has_its_build_id(string kind)
    {
        var vmlinux = SectionedElf.Vmlinux("6.1.0-38-amd64", (".notes", TinyElf.BuildIdNote(Id)), (".BTF", TinyBtf.Of("int")));
        var image = TinyImage.BzImage(Pack.Gzip(vmlinux), null);
        var read = Reading.Read(kind switch
        {
            "vmlinux" => vmlinux,
            "bzImage" => image,
            _ => TinyPackage.Deb("gzip", TinyPackage.Control, ("./boot/vmlinuz-6.1.0-38-amd64", image)),
        });
        Assert.Equal("1234ab", read.BuildId);
    }
}
