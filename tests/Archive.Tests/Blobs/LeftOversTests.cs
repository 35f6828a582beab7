using Relo.Archive.Blobs;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Blobs;

public sealed class LeftOversTests
{
    [Fact]
    public async Task Every_folder_of_half_written_files_is_swept_at_the_start()
    {
        await using var archive = await TestArchive.StartAsync();
        string[] folders = TestBlobs.AreInS3
            ? ["cache/btf/.tmp", "cache/objects/.tmp", "uploads", "scratch"]
            : ["blobs/btf/.tmp", "blobs/objects/.tmp", "uploads", "scratch"];
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(Path.Combine(archive.Root, folder));
            await File.WriteAllTextAsync(Path.Combine(archive.Root, folder, "left"), "half", TestContext.Current.CancellationToken);
        }

        await archive.Restart();
        Assert.All(folders, folder => Assert.Empty(Directory.GetFiles(Path.Combine(archive.Root, folder))));
    }

    [Theory]
    [InlineData(FileShare.None)]
    [InlineData(FileShare.ReadWrite | FileShare.Delete)]
    public void A_file_whose_writer_lives_is_left_alone(FileShare share)
    {
        var folder = Directory.CreateTempSubdirectory("relo-sweep-").FullName;
        var path = Path.Combine(folder, "living");
        using (new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, share)) Assert.Equal(0, LeftOvers.Sweep(folder));
        Assert.True(File.Exists(path));
        Assert.Equal(1, LeftOvers.Sweep(folder));
        Assert.Equal(0, LeftOvers.Sweep(Path.Combine(folder, "nowhere")));
        Directory.Delete(folder);
    }
}
