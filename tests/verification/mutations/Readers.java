import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** Reads the archives named on standard input, and prints of each: its path, the reader, and every file with its SHA-256. */
public class Readers {
    static String hash(InputStream bytes) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        byte[] piece = new byte[65536];
        for (int read = bytes.read(piece); read >= 0; read = bytes.read(piece)) {
            sha.update(piece, 0, read);
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    static String streamed(String path) throws Exception {
        StringBuilder files = new StringBuilder(path + "\tjava stream\t");
        try (ZipInputStream zip = new ZipInputStream(new FileInputStream(path))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.append(entry.getName()).append(' ').append(hash(zip)).append('\t');
            }
        }
        return files.toString();
    }

    static String listed(String path) throws Exception {
        StringBuilder files = new StringBuilder(path + "\tjava file\t");
        try (ZipFile zip = new ZipFile(path)) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                files.append(entry.getName()).append(' ').append(hash(zip.getInputStream(entry))).append('\t');
            }
        }
        return files.toString();
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader paths = new BufferedReader(new InputStreamReader(System.in));
        for (String path = paths.readLine(); path != null; path = paths.readLine()) {
            if (path.isEmpty()) {
                continue;
            }
            try {
                System.out.println(streamed(path));
            } catch (Exception error) {
                System.out.println(path + "\tjava stream\t" + error.getClass().getName() + " x");
            }
            try {
                System.out.println(listed(path));
            } catch (Exception error) {
                System.out.println(path + "\tjava file\t" + error.getClass().getName() + " x");
            }
        }
    }
}
